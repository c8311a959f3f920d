import type { Logger } from 'pino';
import { clusterVersion } from './cluster-version.ts';
import { DataDirectoryUnusableError } from './embedded-postgres-errors.ts';
import { type InitialiseClusterDeps, initialiseCluster } from './initialise-cluster.ts';
import type { KeptValues } from './kept-values.ts';

export interface OpenClusterDeps extends Omit<InitialiseClusterDeps, 'password'> {
  /** Major version of our binaries. */
  readonly major: string;
  readonly kept: Pick<KeptValues, 'password' | 'newPassword'>;
  readonly log: Pick<Logger, 'info'>;
}

/** The password of the data, which are made when there are none. @throws DataDirectoryUnusableError, PostgresInitialisationError */
export async function openCluster({ major, kept, log, ...deps }: OpenClusterDeps): Promise<string> {
  const found = await clusterVersion(deps.clusterDirectory);
  if (found === major) return await kept.password();
  if (found !== null) {
    throw new DataDirectoryUnusableError(
      `expected data of PostgreSQL ${major} in ${deps.clusterDirectory}, got data of PostgreSQL ${found}: ` +
        'move them with the dump and restore of that version, or use another data directory',
    );
  }
  log.info({ directory: deps.dataDirectory }, 'initialising PostgreSQL');
  const password = await kept.newPassword();
  await initialiseCluster({ ...deps, password });
  return password;
}
