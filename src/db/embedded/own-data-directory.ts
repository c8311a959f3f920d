import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownerOf } from './owner-of.ts';
import type { PostgresIdentity } from './postgres-identity.ts';

/** Gives all data to the identity, when it belongs to another; under the supervisor lock. The top comes last: whoever owns it owns everything. */
export async function ownDataDirectory(path: string, { uid, gid }: PostgresIdentity): Promise<void> {
  const owner = await ownerOf(path);
  if (owner?.uid === uid) return;
  await giveContents(path, uid, gid);
  await lchown(path, uid, gid);
}

async function giveContents(directory: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await giveContents(path, uid, gid);
    await lchown(path, uid, gid);
  }
}
