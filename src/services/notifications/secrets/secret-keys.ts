import { createHash, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A key that secrets are sealed with. */
export interface SecretKey {
  /** Tells keys apart and nothing about them: the beginning of their hash. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;

/** Reads a key from the base64 or base64url of its 32 bytes; null when it is none. */
export function parseSecretKey(text: string): SecretKey | null {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim())) return null;
  return { id: createHash('sha256').update('strikewire secrets key').update(bytes).digest('hex').slice(0, 12), bytes };
}

/**
 * The key in a file that only its owner may read; made when there is none. Of several processes that make it at the same time one wins, and all use its key.
 * @throws Error when the file holds no key, or others may read it and that cannot be changed
 */
export async function keptSecretKey(file: string): Promise<SecretKey> {
  const kept = await readKey(file);
  if (kept) return kept;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    // Whoever seals with a key that a power failure takes away has lost what was sealed.
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A link, unlike a rename, does not replace the key of another process.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return (await readKey(file))!;
}

async function readKey(file: string): Promise<SecretKey | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const key = parseSecretKey(text);
  if (!key) throw new Error(`expected the base64 of ${KEY_BYTES} bytes in ${file}, got something else`);
  await chmod(file, 0o600);
  return key;
}
