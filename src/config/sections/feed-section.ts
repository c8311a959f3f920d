import { z } from 'zod';
import { FEED_KINDS } from '../../services/market-data/market-data-feed.ts';
import { optionalSetting, setting } from '../setting.ts';
import { choice } from '../values/choice.ts';
import { replaySpeed } from '../values/replay-speed.ts';
import { switchValue } from '../values/switch-value.ts';
import { text } from '../values/text.ts';
import { textList } from '../values/text-list.ts';
import { url } from '../values/url.ts';
import { wholeNumber } from '../values/whole-number.ts';

/** Letters first or an index mark; BRK.B, BRK/B, ^SPX, _RUT, BTC-USDC. */
const SYMBOL = /^[\^_$]?[A-Za-z][A-Za-z0-9._/-]{0,31}$/;
const CURRENCY = /^[A-Za-z]{2,10}$/;

/** Underlyings are known in upper case and without the marks that vendors put before an index. */
function bareSymbol(symbol: string): string {
  return symbol.toUpperCase().replace(/^[\^_$]/, '');
}

const simulatedSection = z.strictObject({
  underlyings: setting(wholeNumber(1, 1000), {
    environment: 'FEED_SIMULATED_UNDERLYINGS',
    description: 'How many underlyings the simulated market has.',
    unit: 'underlyings',
    default: 40,
  }),
});

const deribitSection = z.strictObject({
  currencies: setting(textList({ items: 'currencies such as BTC', pattern: CURRENCY, normalise: (currency) => currency.toUpperCase() }), {
    environment: 'FEED_DERIBIT_CURRENCIES',
    description: 'Currencies whose options are read from Deribit.',
    default: ['BTC', 'ETH'],
  }),
  restUrl: setting(url(['https', 'http']), {
    environment: 'FEED_DERIBIT_REST_URL',
    description: 'Root of the Deribit REST API.',
    default: 'https://www.deribit.com/api/v2',
  }),
  websocketUrl: setting(url(['wss', 'ws']), {
    environment: 'FEED_DERIBIT_WEBSOCKET_URL',
    description: 'Address of the Deribit WebSocket API.',
    default: 'wss://www.deribit.com/ws/api/v2',
  }),
});

const cboeSection = z.strictObject({
  acceptTerms: setting(switchValue, {
    environment: 'FEED_CBOE_ACCEPT_TERMS',
    description: 'Set to true to say that you have read and accept the terms of use of Cboe delayed quotes. The feed cboe needs it.',
    default: false,
  }),
  url: setting(url(['https', 'http']), {
    environment: 'FEED_CBOE_URL',
    description: 'Root of the Cboe delayed quotes.',
    default: 'https://cdn.cboe.com/api/global/delayed_quotes/options',
  }),
});

const tradierSection = z.strictObject({
  token: optionalSetting(text('an access token'), {
    environment: 'FEED_TRADIER_TOKEN',
    description: 'Access token of a Tradier account. The feed tradier needs it.',
    secret: true,
    example: 'your-token',
  }),
  url: setting(url(['https', 'http']), {
    environment: 'FEED_TRADIER_URL',
    description: 'Root of the Tradier API; https://sandbox.tradier.com/v1 is the sandbox.',
    default: 'https://api.tradier.com/v1',
  }),
});

export const feedSection = z.strictObject({
  kind: setting(choice(FEED_KINDS), {
    environment: 'FEED',
    flag: 'feed',
    description: 'Where option chains come from.',
    default: 'simulated',
  }),
  path: optionalSetting(text('a file or directory'), {
    environment: 'FEED_PATH',
    flag: 'path',
    description: 'Recorded file or directory that the feed replay plays; relative to the working directory.',
    example: 'recordings/spx',
  }),
  speed: setting(replaySpeed, {
    environment: 'FEED_SPEED',
    flag: 'speed',
    description: 'How fast recorded time passes against real time, or "step" to go on by one recorded moment per fetch.',
    default: 1,
  }),
  loop: setting(switchValue, {
    environment: 'FEED_LOOP',
    flag: 'loop',
    description: 'Begin a recording anew when it ends; otherwise stop there.',
    default: true,
  }),
  seed: setting(wholeNumber(0, 4_294_967_295), {
    environment: 'FEED_SEED',
    flag: 'seed',
    description: 'Seed of the simulated market; the same seed gives the same market.',
    default: 1,
  }),
  symbols: setting(textList({ items: 'symbols such as SPX', pattern: SYMBOL, normalise: bareSymbol }), {
    environment: 'FEED_SYMBOLS',
    flag: 'symbols',
    description: 'Underlyings to scan; empty means all that the feed has. The feeds cboe and tradier need them named.',
    default: [],
  }),
  simulated: simulatedSection,
  deribit: deribitSection,
  cboe: cboeSection,
  tradier: tradierSection,
});
