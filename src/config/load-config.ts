import { isAbsolute, resolve } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { deepFreeze } from './deep-readonly.ts';
import type { GivenValue } from './given-value.ts';
import { listSettings, type Setting } from './list-settings.ts';
import { parseValues } from './parse-values.ts';
import { type ConfigFileReading, readConfigFile } from './read-config-file.ts';
import { readEnvironment } from './read-environment.ts';
import { readFlags } from './read-flags.ts';
import { renderHelp } from './render-help.ts';

/** Read when it stands in the working directory and no other file is named. */
export const DEFAULT_CONFIG_FILE = 'strikewire.yaml';

export interface LoadConfigDeps {
  /** Command line arguments without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Returns the text of a file or throws the error of node:fs. Called with an absolute path, at most once. */
  readonly readFile: (path: string) => string;
  /** Absolute; what relative paths are relative to. */
  readonly cwd: string;
}

export type LoadedConfig =
  | {
      readonly kind: 'config';
      readonly config: Config;
      /** The file that was read, absolute; undefined when there was none. */
      readonly configFile: string | undefined;
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' };

interface FileReading extends ConfigFileReading {
  readonly file: string | undefined;
}

function readNamedFile(named: GivenValue | undefined, settings: readonly Setting[], { readFile, cwd }: LoadConfigDeps): FileReading {
  const name = named === undefined ? DEFAULT_CONFIG_FILE : String(named.raw);
  const file = isAbsolute(name) ? name : resolve(cwd, name);
  try {
    return { ...readConfigFile(name, readFile(file), settings), file };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (code === 'ENOENT' && named === undefined) return { readable: true, file: undefined, values: new Map(), issues: [] };
    const issue: ConfigIssue = {
      source: named?.source ?? name,
      message: `expected a readable file, but ${JSON.stringify(name)} cannot be read (${code})`,
    };
    return { readable: false, file: undefined, values: new Map(), issues: [issue] };
  }
}

/**
 * Reads the configuration from flags, environment and file, in this order of precedence, over the defaults. Touches nothing but what it is given.
 *
 * @throws {ConfigError} with everything that is wrong, when anything is. `--help` and `--version` win over errors.
 */
export function loadConfig(deps: LoadConfigDeps): LoadedConfig {
  const settings = listSettings();
  const flags = readFlags(deps.argv, settings);
  if (flags.help) return { kind: 'help', text: renderHelp(settings) };
  if (flags.version) return { kind: 'version' };

  const environment = readEnvironment(deps.env, settings);
  const file = readNamedFile(flags.configFile ?? environment.configFile, settings, deps);
  const given = new Map([...file.values, ...environment.values, ...flags.values]);
  const unknown = new Set(file.readable ? [] : settings.map(({ path }) => path).filter((path) => !given.has(path)));
  const { config, issues } = parseValues(given, settings, unknown);
  const all = [...flags.issues, ...environment.issues, ...file.issues, ...issues];
  if (all.length > 0) throw new ConfigError(all);

  config.database.dataDirectory = resolve(deps.cwd, config.database.dataDirectory);
  if (config.feed.path !== undefined) config.feed.path = resolve(deps.cwd, config.feed.path);
  const { limits } = config;
  if (limits.persistedOperations !== undefined) limits.persistedOperations = resolve(deps.cwd, limits.persistedOperations);
  return { kind: 'config', config: deepFreeze(config), configFile: file.file };
}
