import { chmod, lchown, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ownerOf } from './owner-of.ts';
import type { Owner } from './postgres-identity.ts';

/**
 * Makes a folder and those above it, so that everybody may pass, whatever the umask says. They belong to the owner of the folder they are made in: root leaves
 * nothing in a user's folder that the user could not remove. Answers with that owner.
 */
export async function makeFolders(path: string): Promise<Owner> {
  const existing = await ownerOf(path);
  if (existing) return existing;
  const owner = await makeFolders(dirname(path));
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
  const made = await ownerOf(path);
  // Only root can, and only root has to.
  if (made?.uid === 0 && owner.uid !== 0) await lchown(path, owner.uid, owner.gid);
  return owner;
}
