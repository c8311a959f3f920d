import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import './end-with-the-run.ts';
import './services/provided-context.ts';

export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** An empty folder that every user may pass, as a folder of a project is. What a killed run leaves, the next run removes. */
export async function temporaryDirectory(name: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(inject('runDirectory'), `${name}-`));
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
