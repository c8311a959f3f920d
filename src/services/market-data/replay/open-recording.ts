import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CHAIN_FORMATS } from '../decode/chain-format.ts';
import type { DecodeWorker } from '../decode/decode-worker.ts';
import { detectFormat } from '../decode/detect-format.ts';
import type { FileIndex } from '../decode/file-index.ts';
import { malformedFile, quoteFound } from '../decode/malformed-file.ts';
import { FeedMalformedError } from '../feed-errors.ts';
import { collectMoments } from './collect-moments.ts';
import { readFileHead, readRecordedFile } from './read-recorded-file.ts';
import type { IndexedFile, Recording } from './recording.ts';

/** Enough of a file to tell its format. */
const SNIFFED_BYTES = 4096;

/**
 * Looks through a file, or a folder and all below it in the order of their names, and says what can be played. Each recorded file is read
 * as a whole once, so that a malformed one is refused here and not while it plays. In a folder, files of no known format are passed over.
 * Rejects with a FeedError or the signal's reason.
 */
export async function openRecording(path: string, worker: DecodeWorker, signal: AbortSignal): Promise<Recording> {
  const names = await listFiles(path);
  if (names === null) return collectMoments([await indexOnlyFile(path, worker, signal)]);
  const files: IndexedFile[] = [];
  for (const source of names) {
    signal.throwIfAborted();
    files.push({ path: join(path, source), source, index: await indexFolderFile(join(path, source), source, worker, signal) });
  }
  const recording = collectMoments(files);
  if (recording.files === 0)
    throw malformedFile(path, '', `a file in one of the formats ${CHAIN_FORMATS.join(', ')}`, `none in ${names.length} files`);
  return recording;
}

/** Files of a folder and below it, by their paths from there, sorted; null when `path` is a file itself. */
async function listFiles(path: string): Promise<string[] | null> {
  try {
    if (!(await stat(path)).isDirectory()) return null;
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name).slice(join(path, '/').length)).sort();
  } catch (cause) {
    throw new FeedMalformedError(
      `${path}: expected a recorded file or a folder of them, found nothing to read (${(cause as Error).message})`,
      {
        cause,
      },
    );
  }
}

/** A file that was asked for by name is not passed over. */
async function indexOnlyFile(path: string, worker: DecodeWorker, signal: AbortSignal): Promise<IndexedFile> {
  const index = await worker.index(await readRecordedFile(path, path, signal), path, signal);
  if (index.chains.length > 0) return { path, source: path, index };
  const head = new TextDecoder().decode(await readFileHead(path, path, 200)).split(/\r?\n/)[0]!;
  const expected = `the beginning of one of the formats ${CHAIN_FORMATS.join(', ')}`;
  const found = index.format === 'SIDE_FILE' ? 'data that goes with a recording, but no chain' : quoteFound(head);
  throw malformedFile(path, 'line 1', expected, head === '' ? 'an empty file' : found);
}

/** A folder may hold anything: what is plainly no recording is not read to its end. */
async function indexFolderFile(path: string, source: string, worker: DecodeWorker, signal: AbortSignal): Promise<FileIndex> {
  const head = await readFileHead(path, source, SNIFFED_BYTES);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!isGzip && detectFormat(head) === null) return { format: null, chains: [] };
  return worker.index(await readRecordedFile(path, source, signal), source, signal);
}
