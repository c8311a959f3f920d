import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { DecodeWorker } from '../decode/decode-worker.ts';
import { malformedFile } from '../decode/malformed-file.ts';
import { readRecordedFile } from './read-recorded-file.ts';
import type { RecordedMoment } from './recording.ts';

/** Reads the chains of one underlying when they are wanted, and the next one ahead of that; the others are not held. */
export interface MomentReader {
  /** The chain of moment `index`. `nextIndex`, when given, is read meanwhile. Rejects with a FeedError. */
  read(index: number, nextIndex: number | undefined): Promise<ChainSnapshot>;
}

/** @param signal ends all reading */
export function createMomentReader(moments: readonly RecordedMoment[], worker: DecodeWorker, signal: AbortSignal): MomentReader {
  const held = new Map<number, Promise<ChainSnapshot>>();

  function hold(index: number): Promise<ChainSnapshot> {
    const known = held.get(index);
    if (known) return known;
    const chain = readMoment(moments[index]!, worker, signal);
    held.set(index, chain);
    // A failure is not held: whoever asks next tries again.
    chain.catch(() => {
      if (held.get(index) === chain) held.delete(index);
    });
    return chain;
  }

  return {
    read(index, nextIndex) {
      for (const other of held.keys()) if (other !== index && other !== nextIndex) held.delete(other);
      const chain = hold(index);
      if (nextIndex !== undefined && nextIndex !== index) hold(nextIndex);
      return chain;
    },
  };
}

async function readMoment(moment: RecordedMoment, worker: DecodeWorker, signal: AbortSignal): Promise<ChainSnapshot> {
  const { symbol, quotedAtMs, path, source, format } = moment;
  const bytes = await readRecordedFile(path, source, signal);
  const chains = await worker.decode(format, bytes, source, signal, { symbol, quotedAtMs });
  const chain = chains.find((candidate) => candidate.underlying.symbol === symbol && candidate.quotedAtMs === quotedAtMs);
  if (chain) return chain;
  const wanted = `the chain of ${symbol} at ${new Date(quotedAtMs).toISOString()} that was in it at the start`;
  throw malformedFile(source, '', wanted, 'none: the file has changed');
}
