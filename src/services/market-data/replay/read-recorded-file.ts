import { open, readFile } from 'node:fs/promises';
import { FeedUnavailableError } from '../feed-errors.ts';

/** Content of a file. Rejects with FeedUnavailableError when it cannot be read, or with the signal's reason. */
export async function readRecordedFile(path: string, source: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(path, { signal });
  } catch (cause) {
    throw signal.aborted ? signal.reason : unreadable(source, cause);
  }
}

/** The first bytes of a file, all of it when it is shorter. Rejects with FeedUnavailableError when it cannot be read. */
export async function readFileHead(path: string, source: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

function unreadable(source: string, cause: unknown): FeedUnavailableError {
  return new FeedUnavailableError(`${source}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
}
