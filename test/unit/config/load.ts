import { ConfigError } from '../../../src/config/config-error.ts';
import { type LoadedConfig, loadConfig } from '../../../src/config/load-config.ts';

export interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Texts by absolute path; every other path does not exist. */
  readonly files?: Readonly<Record<string, string>>;
  /** Text of strikewire.yaml in the working directory. */
  readonly yaml?: string;
}

export const CWD = '/srv/strikewire';

export function load({ argv = [], env = {}, files = {}, yaml }: Given = {}): LoadedConfig {
  const all = yaml === undefined ? files : { ...files, [`${CWD}/strikewire.yaml`]: yaml };
  const readFile = (path: string): string => {
    const text = all[path];
    if (text === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ argv, env, readFile, cwd: CWD });
}

/** The configuration; fails the test when there is none. */
export function configOf(given: Given = {}) {
  const loaded = load(given);
  if (loaded.kind !== 'config') throw new Error(`expected a configuration, got ${loaded.kind}`);
  return loaded.config;
}

/** What is wrong, one `source: message` per issue; fails the test when nothing is. */
export function issuesOf(given: Given): string[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ source, message }) => `${source}: ${message}`);
    throw error;
  }
  throw new Error('expected a ConfigError, got a configuration');
}
