import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a program of this machine is; null when there is none of that name. */
export async function programInPath(name: string): Promise<string | null> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(directory, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}
