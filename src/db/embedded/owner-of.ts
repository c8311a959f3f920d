import { stat } from 'node:fs/promises';
import type { Owner } from './postgres-identity.ts';

/** Null when there is nothing at the path. */
export async function ownerOf(path: string): Promise<Owner | null> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
