import { type ChainBuilder, createChainBuilder } from '../../../domain/chain/chain-builder.ts';
import { CALL, type ChainSnapshot, PUT } from '../../../domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import { describeJson } from '../http/describe-json.ts';
import { isNumberOrAbsent } from '../http/is-number-or-absent.ts';
import { jsonNumber } from '../http/json-number.ts';
import type { JsonObject } from '../http/json-object.ts';
import { createEventLoopTurns } from '../simulated/event-loop-turns.ts';
import { newestDate } from './newest-date.ts';
import type { UnderlyingQuote } from './read-underlying-quote.ts';

/** The numbers read of each option, as Tradier names them. */
const NUMBERS = ['strike', 'bid', 'ask', 'bidsize', 'asksize', 'last', 'volume', 'open_interest', 'contract_size'] as const;

export interface TradierChainInput {
  readonly underlying: UnderlyingProfile;
  readonly quote: UnderlyingQuote;
  /** Elements of options.option of each expiration's answer. */
  readonly answers: readonly (readonly unknown[])[];
  /** Epoch milliseconds: no quote is newer, and the moment of the quotes when Tradier tells none. */
  readonly receivedAtMs: number;
  readonly source: string;
  readonly signal: AbortSignal;
}

/**
 * One chain of the answers to all expirations. Prices are in dollars. The moment of the quotes is that of the newest. Volatility is mid_iv, where 0 means
 * unknown, otherwise smv_vol (the smoothed one); a delta of the wrong sign, which stands beside an unknown volatility, is left out. The event loop turns between expirations: 20,000
 * contracts in one go take 20 ms and more. Rejects with the signal's reason.
 */
export async function buildTradierChain({
  underlying,
  quote,
  answers,
  receivedAtMs,
  source,
  signal,
}: TradierChainInput): Promise<ChainSnapshot> {
  const newestMs = answers.reduce((newest, options) => Math.max(newest, newestOf(options)), quote.quotedAtMs);
  const builder = createChainBuilder({
    underlying,
    quotedAtMs: newestMs > 0 ? Math.min(newestMs, receivedAtMs) : receivedAtMs,
    underlyingPrice: quote.price,
    source,
    positionUnit: 'option',
    expectedRows: answers.reduce((sum, options) => sum + options.length, 0),
  });
  const rows = createOptionRows(builder, underlying.contractMultiplier);
  const worked = createEventLoopTurns(signal);
  let position = 0;
  for (const options of answers) {
    for (const option of options) rows.add(option as JsonObject | null, ++position);
    await worked(options.length);
  }
  return builder.build();
}

function newestOf(options: readonly unknown[]): number {
  let newestMs = 0;
  for (const option of options) {
    const atMs = typeof option === 'object' && option !== null ? newestDate(option as JsonObject) : 0;
    if (atMs > newestMs) newestMs = atMs;
  }
  return newestMs;
}

function createOptionRows(builder: ChainBuilder, contractMultiplier: number) {
  let lastRoot: unknown;
  let lastDate: unknown;
  let lastExpiration = 0;

  function expirationOf(root: string, date: string): number {
    if (root !== lastRoot || date !== lastDate) {
      lastExpiration = builder.expiration(root, date);
      lastRoot = root;
      lastDate = date;
    }
    return lastExpiration;
  }

  function add(option: JsonObject | null, position: number): void {
    const root = option?.root_symbol;
    const date = option?.expiration_date;
    const right = rightOf(option?.option_type);
    if (!option || typeof root !== 'string' || typeof date !== 'string' || right < 0) {
      const found = describeJson(
        option && { symbol: option.symbol, root_symbol: root, expiration_date: date, option_type: option.option_type },
      );
      builder.drop('malformed-symbol', position, `expected root_symbol, expiration_date and option_type, found ${found}`);
      return;
    }
    for (const field of NUMBERS) {
      if (isNumberOrAbsent(option[field])) continue;
      builder.drop('malformed-number', position, `field ${field}: expected a number, found ${describeJson(option[field])}`);
      return;
    }
    const size = option.contract_size;
    if (typeof size === 'number' && size !== contractMultiplier) {
      builder.drop(
        'foreign-underlying',
        position,
        `field contract_size: expected ${contractMultiplier}, found ${size}, an adjusted contract`,
      );
      return;
    }
    fillRecord(option, right);
    builder.add(expirationOf(root, date), right, position);
  }

  function fillRecord(option: JsonObject, right: number): void {
    const { record } = builder;
    record.strike = jsonNumber(option.strike);
    record.bid = jsonNumber(option.bid);
    record.ask = jsonNumber(option.ask);
    record.bidSize = jsonNumber(option.bidsize);
    record.askSize = jsonNumber(option.asksize);
    record.last = jsonNumber(option.last);
    record.volume = jsonNumber(option.volume);
    record.openInterest = jsonNumber(option.open_interest);
    const greeks = option.greeks as JsonObject | null | undefined;
    const middle = jsonNumber(greeks?.mid_iv);
    record.impliedVolatility = middle > 0 ? middle : jsonNumber(greeks?.smv_vol);
    const delta = jsonNumber(greeks?.delta);
    record.delta = right === CALL ? (delta > 0 ? delta : Number.NaN) : delta < 0 ? delta : Number.NaN;
  }

  return { add };
}

/** CALL, PUT, or -1. */
function rightOf(type: unknown): number {
  if (type === 'call') return CALL;
  return type === 'put' ? PUT : -1;
}
