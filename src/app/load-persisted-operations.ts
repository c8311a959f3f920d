import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { parsePersistedOperations } from '../server/limits/parse-persisted-operations.ts';

/** Documents that may be asked for by hash; none when no file is named. @throws ConfigError when the file cannot be used */
export async function loadPersistedOperations({ persistedOperations: file }: Config['limits']): Promise<ReadonlyMap<string, string>> {
  if (file === undefined) return new Map();
  try {
    return parsePersistedOperations(await readFile(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof ValidationError)
      throw new ConfigError(error.issues.map(({ path, message }) => ({ source: path === '' ? file : `${file}: ${path}`, message })));
    if (code === undefined) throw error;
    throw new ConfigError([
      { source: 'limits.persistedOperations', message: `expected a readable file, but ${file} cannot be read (${code})` },
    ]);
  }
}
