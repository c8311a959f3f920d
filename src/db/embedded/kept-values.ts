import { randomBytes } from 'node:crypto';
import { lchown, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryUnusableError } from './embedded-postgres-errors.ts';
import type { PostgresIdentity } from './postgres-identity.ts';

/** What the data directory remembers besides the data: the password and the port, readable by the owner of the data alone. */
export interface KeptValues {
  /** @throws DataDirectoryUnusableError when it is lost: nobody could connect to the data. */
  password(): Promise<string>;
  newPassword(): Promise<string>;
  /** Null when there is none yet. */
  port(): Promise<number | null>;
  keepPort(port: number): Promise<void>;
}

export interface KeptValuesDeps {
  readonly dataDirectory: string;
  /** Null where files have no such owner. */
  readonly owner: PostgresIdentity | null;
}

/** 192 bits. */
const PASSWORD_BYTES = 24;

export function createKeptValues({ dataDirectory, owner }: KeptValuesDeps): KeptValues {
  const pathOf = (name: string) => join(dataDirectory, name);

  async function keep(name: string, value: string): Promise<void> {
    const draft = `${pathOf(name)}.draft`;
    await writeFile(draft, `${value}\n`, { mode: 0o600, flush: true });
    if (owner) await lchown(draft, owner.uid, owner.gid);
    await rename(draft, pathOf(name));
  }

  async function read(name: string): Promise<string> {
    try {
      return (await readFile(pathOf(name), 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }

  return {
    async password() {
      const password = await read('password');
      if (password) return password;
      throw new DataDirectoryUnusableError(
        `expected the password of the data in ${pathOf('password')}, got no such file or an empty one: put it back, or remove ${dataDirectory} with all its data`,
      );
    },
    async newPassword() {
      // base64url needs no escaping in an address.
      const password = randomBytes(PASSWORD_BYTES).toString('base64url');
      await keep('password', password);
      return password;
    },
    async port() {
      const port = Number(await read('port'));
      return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
    },
    keepPort: (port) => keep('port', String(port)),
  };
}
