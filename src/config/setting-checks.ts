import { compile } from 'proxy-addr';
import { type RetentionTier, tierThatGoesTooEarly } from '../domain/history/retention-days.ts';
import type { Config } from './config.ts';
import type { GivenValues } from './given-value.ts';
import { isLoopbackHost } from './loopback-host.ts';

export interface SettingFault {
  /** Path of the setting whose source the message is shown beside. */
  readonly setting: string;
  readonly message: string;
}

/** A rule over several settings, or one beyond the form of a value. Skipped while one of the settings it reads is malformed. */
export interface SettingCheck {
  readonly reads: readonly string[];
  readonly check: (config: Config, given: GivenValues) => SettingFault | undefined;
}

const SHORTEST_SECRET = 32;

/** The ways to tell whose tokens are accepted. */
const KEY_SETTINGS: readonly { setting: string; environment: string; of: (auth: Config['auth']) => string | undefined }[] = [
  { setting: 'auth.jwtSecret', environment: 'AUTH_JWT_SECRET', of: (auth) => auth.jwtSecret },
  { setting: 'auth.jwtPublicKey', environment: 'AUTH_JWT_PUBLIC_KEY', of: (auth) => auth.jwtPublicKey },
  { setting: 'auth.jwksUrl', environment: 'AUTH_JWKS_URL', of: (auth) => auth.jwksUrl },
];

/** Nobody may reach the server from another machine before it can tell who they are. */
const hostIsLoopback: SettingCheck = {
  reads: ['server.host', ...KEY_SETTINGS.map(({ setting }) => setting)],
  check: ({ server: { host }, auth }) =>
    isLoopbackHost(host) || KEY_SETTINGS.some(({ of }) => of(auth) !== undefined)
      ? undefined
      : {
          setting: 'server.host',
          message:
            `HOST ${JSON.stringify(host)} is not a loopback address and no authentication is configured: ` +
            `set one of ${KEY_SETTINGS.map(({ environment }) => environment).join(', ')}, or HOST=127.0.0.1`,
        },
};

/** A token must not choose how it is verified. */
const keysAreOfOneKind: SettingCheck = {
  reads: KEY_SETTINGS.map(({ setting }) => setting),
  check: ({ auth }) => {
    const given = KEY_SETTINGS.filter(({ of }) => of(auth) !== undefined);
    return given.length > 1
      ? {
          setting: given[1]!.setting,
          message: `expected one of ${KEY_SETTINGS.map(({ environment }) => environment).join(', ')}, got ${given.map(({ environment }) => environment).join(' and ')}`,
        }
      : undefined;
  },
};

/** RFC 7518, section 3.2: a key as long as the hash. */
const secretIsLong: SettingCheck = {
  reads: ['auth.jwtSecret'],
  check: ({ auth: { jwtSecret } }) =>
    jwtSecret !== undefined && jwtSecret.length < SHORTEST_SECRET
      ? { setting: 'auth.jwtSecret', message: `expected a secret of at least ${SHORTEST_SECRET} characters, got ${jwtSecret.length}` }
      : undefined,
};

const proxiesAreNetworks: SettingCheck = {
  reads: ['server.trustedProxies'],
  check: ({ server: { trustedProxies } }) => {
    const wrong = trustedProxies.findIndex((proxy) => !isNetwork(proxy));
    return wrong === -1
      ? undefined
      : {
          setting: 'server.trustedProxies',
          message: `expected addresses and networks such as 10.0.0.0/8, got something else at place ${wrong + 1}`,
        };
  },
};

function isNetwork(proxy: string): boolean {
  try {
    compile(proxy);
    return true;
  } catch {
    return false;
  }
}

const replayHasPath: SettingCheck = {
  reads: ['feed.kind', 'feed.path'],
  check: ({ feed }) =>
    feed.kind === 'replay' && feed.path === undefined
      ? { setting: 'feed.kind', message: 'the feed replay expects a recording, got none: set FEED_PATH (--path) to a file or directory' }
      : undefined,
};

/** Whoever names a recording on the command line and sees another market believes it is the recording. In a file a path may wait for its use. */
const pathHasReplay: SettingCheck = {
  reads: ['feed.kind', 'feed.path'],
  check: ({ feed }, given) =>
    feed.kind !== 'replay' && given.get('feed.path')?.from === 'flag'
      ? { setting: 'feed.path', message: `only the feed replay reads a path, but the feed is ${feed.kind}: add --feed replay` }
      : undefined,
};

const tradierHasToken: SettingCheck = {
  reads: ['feed.kind', 'feed.tradier.token'],
  check: ({ feed }) =>
    feed.kind === 'tradier' && feed.tradier.token === undefined
      ? { setting: 'feed.kind', message: 'the feed tradier expects an access token, got none: set FEED_TRADIER_TOKEN' }
      : undefined,
};

const cboeTermsAreAccepted: SettingCheck = {
  reads: ['feed.kind', 'feed.cboe.acceptTerms'],
  check: ({ feed }) =>
    feed.kind === 'cboe' && !feed.cboe.acceptTerms
      ? {
          setting: 'feed.kind',
          message:
            'the feed cboe expects that you accept the terms of use of Cboe delayed quotes: read them and set FEED_CBOE_ACCEPT_TERMS=true',
        }
      : undefined,
};

/** Feeds that cannot list what they have, with an example of what to name. */
const NEED_SYMBOLS: Readonly<Record<string, string>> = { cboe: 'SPX,RUT', tradier: 'AAPL,SPY' };

const symbolsAreNamed: SettingCheck = {
  reads: ['feed.kind', 'feed.symbols'],
  check: ({ feed }) => {
    const example = NEED_SYMBOLS[feed.kind];
    return example !== undefined && feed.symbols.length === 0
      ? {
          setting: 'feed.kind',
          message: `the feed ${feed.kind} expects the symbols to read, got none: set FEED_SYMBOLS (--symbols), for example ${example}`,
        }
      : undefined;
  },
};

const deribitHasCurrencies: SettingCheck = {
  reads: ['feed.kind', 'feed.deribit.currencies'],
  check: ({ feed }) =>
    feed.kind === 'deribit' && feed.deribit.currencies.length === 0
      ? { setting: 'feed.deribit.currencies', message: 'the feed deribit expects at least one currency, got an empty list' }
      : undefined,
};

const allowListIsNamed: SettingCheck = {
  reads: ['limits.persistedOperations', 'limits.persistedOperationsOnly'],
  check: ({ limits }) =>
    limits.persistedOperationsOnly && limits.persistedOperations === undefined
      ? {
          setting: 'limits.persistedOperationsOnly',
          message: 'expected a file of persisted operations when only those are answered, got none: set PERSISTED_OPERATIONS',
        }
      : undefined,
};

const RETENTION_SETTINGS: Readonly<Record<RetentionTier, { setting: string; environment: string }>> = {
  RAW: { setting: 'retention.rawDays', environment: 'RETENTION_RAW_DAYS' },
  MINUTE: { setting: 'retention.minuteRollupsDays', environment: 'RETENTION_MINUTE_ROLLUPS_DAYS' },
  HOUR: { setting: 'retention.hourRollupsDays', environment: 'RETENTION_HOUR_ROLLUPS_DAYS' },
  DAY: { setting: 'retention.dayRollupsDays', environment: 'RETENTION_DAY_ROLLUPS_DAYS' },
};

/** What goes leaves something coarser behind. That it has been rolled up before is seen to when it goes. */
const historyHasNoHoles: SettingCheck = {
  reads: Object.values(RETENTION_SETTINGS).map(({ setting }) => setting),
  check: ({ retention: { rawDays, minuteRollupsDays, hourRollupsDays, dayRollupsDays } }) => {
    const days = { RAW: rawDays, MINUTE: minuteRollupsDays, HOUR: hourRollupsDays, DAY: dayRollupsDays };
    const early = tierThatGoesTooEarly(days);
    if (early === null) return undefined;
    const { setting, environment } = RETENTION_SETTINGS[early.tier];
    const message = `expected ${environment} to be at least ${RETENTION_SETTINGS[early.finer].environment} (${days[early.finer]} days), got ${days[early.tier]}: nothing may go before what it is made of`;
    return { setting, message };
  },
};

export const SETTING_CHECKS: readonly SettingCheck[] = [
  hostIsLoopback,
  keysAreOfOneKind,
  secretIsLong,
  proxiesAreNetworks,
  replayHasPath,
  pathHasReplay,
  tradierHasToken,
  cboeTermsAreAccepted,
  symbolsAreNamed,
  deribitHasCurrencies,
  allowListIsNamed,
  historyHasNoHoles,
];
