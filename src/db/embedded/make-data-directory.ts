import { chmod, lchown, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataDirectoryPlace } from './locate-data-directory.ts';
import { ownerOf } from './owner-of.ts';
import type { PostgresIdentity } from './postgres-identity.ts';

/** Makes the data directory and the folders above it; `identity` will be able to pass them. */
export async function makeDataDirectory({ path, parent }: DataDirectoryPlace, identity: PostgresIdentity): Promise<void> {
  if (await ownerOf(path)) return;
  const parentOwner = await ownerOf(parent);
  const above: string[] = [];
  for (let folder = dirname(path); folder !== parent; folder = dirname(folder)) above.unshift(folder);
  for (const folder of above) {
    await mkdir(folder, { recursive: true });
    // Whatever the umask says.
    await chmod(folder, 0o755);
    // Root working in a user's folder leaves nothing there that the user could not remove.
    if (identity.kind === 'user' && identity.uid === parentOwner?.uid) await lchown(folder, identity.uid, identity.gid);
  }
  await mkdir(path, { mode: 0o700, recursive: true });
}
