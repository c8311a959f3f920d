import type { ConfigIssue } from './config-error.ts';
import { describeName } from './describe-value.ts';
import type { GivenValue, GivenValues } from './given-value.ts';
import type { Setting } from './list-settings.ts';
import { nearestName } from './nearest-name.ts';

/** Names the configuration file. Not a setting: it decides where settings come from. */
export const CONFIG_FILE_VARIABLE = 'STRIKEWIRE_CONFIG';

/** Variables that begin so are ours, hence a name we don't know is a slip of the pen. Names such as HTTP_ or DATABASE_ other software sets too. */
export const OWNED_PREFIXES = ['STRIKEWIRE_', 'FEED_', 'SCANNER_', 'LOG_'] as const;

/**
 * Kubernetes sets these for every Service it knows (`strikewire` → STRIKEWIRE_PORT=tcp://10.0.0.1:4000), and old Docker links do alike.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

export interface EnvironmentReading {
  readonly configFile: GivenValue | undefined;
  readonly values: GivenValues;
  readonly issues: readonly ConfigIssue[];
}

/** Reads the environment. A variable that is empty counts as absent, as templates of Compose and Kubernetes leave them. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, settings: readonly Setting[]): EnvironmentReading {
  const given = (name: string): GivenValue | undefined => {
    const raw = env[name]?.trim();
    return raw === undefined || raw === '' ? undefined : { raw, from: 'environment', source: `environment variable ${name}` };
  };
  const values = new Map<string, GivenValue>();
  for (const setting of settings) {
    const value = given(setting.environment);
    if (value !== undefined) values.set(setting.path, value);
  }
  const known = new Set([CONFIG_FILE_VARIABLE, ...settings.map(({ environment }) => environment)]);
  const candidates = [
    { name: CONFIG_FILE_VARIABLE },
    ...settings.map(({ environment, path }) => ({ name: environment, alsoKnownAs: [path] })),
  ];
  const issues = Object.keys(env)
    .filter((name) => OWNED_PREFIXES.some((prefix) => name.startsWith(prefix)) && !known.has(name) && !SERVICE_LINK.test(name))
    .map((name) => ({
      source: 'environment',
      message: `unknown variable ${describeName(name)}, the nearest known is ${nearestName(name, candidates)}`,
    }));
  return { configFile: given(CONFIG_FILE_VARIABLE), values, issues };
}
