import { gunzipSync } from 'node:zlib';
import { malformedFile } from './malformed-file.ts';

/** A recording larger than this is taken for a compression bomb. */
const MAXIMUM_BYTES = 1 << 30;
/** What is kept for the next call: one file with many chains is read once per chain. */
const KEPT_BYTES = 64 << 20;

/** Unpacks gzip (told by its first bytes) and passes everything else through. Throws FeedMalformedError. */
export type Inflate = (bytes: Uint8Array, source: string) => Uint8Array;

/** Remembers the last file it unpacked. */
export function createInflate(): Inflate {
  let lastPacked: Uint8Array | undefined;
  let lastInflated: Uint8Array | undefined;

  return (bytes, source) => {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    if (lastPacked && lastInflated && Buffer.compare(lastPacked, bytes) === 0) return lastInflated;
    const inflated = inflate(bytes, source);
    const isKept = inflated.length <= KEPT_BYTES;
    lastPacked = isKept ? bytes : undefined;
    lastInflated = isKept ? inflated : undefined;
    return inflated;
  };
}

function inflate(bytes: Uint8Array, source: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAXIMUM_BYTES });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformedFile(source, '', 'a complete gzip stream', `${bytes.length} bytes that cannot be unpacked (${reason})`, { cause });
  }
}
