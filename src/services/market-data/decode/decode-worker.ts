import type { Logger } from 'pino';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { FeedMalformedError } from '../feed-errors.ts';
import type { ChainFormat, ChainSelection } from './chain-format.ts';
import type { DecodeReply, DecodeRequest } from './decode-protocol.ts';
import { createDecodeQueue } from './decode-queue.ts';
import type { FileIndex } from './file-index.ts';

/** Room for the objects of the largest JSON answers (3 MB take about 30); typed arrays and file contents are not counted in it. */
const MEMORY_LIMIT_MB = 512;

export interface DecodeWorkerOptions {
  readonly log?: Logger;
  /** Heap of the thread, in MiB; one that needs more is ended, and the request fails. Default 512. */
  readonly memoryLimitMb?: number;
}

/**
 * Decodes chains in a thread of its own, one request after the other, so that the event loop of the server stays free. The thread starts
 * with the first request, and anew with the next one after it has crashed. Rejections are FeedMalformedError (the file),
 * FeedUnavailableError (the thread ended) or the signal's reason.
 */
export interface DecodeWorker {
  /**
   * Chains of a file or an answer, gzipped or not, in the order of time and symbol; the selected one only, when `only` says so (empty when
   * it is not in there). `bytes` is handed over: an array that owns its whole buffer is moved and unusable afterwards, any other is
   * copied. The columns come back without a copy.
   * @param format 'auto': told by the content
   * @param source what is read, for messages, and for formats that leave symbol and date to the file's name
   */
  decode(
    format: ChainFormat | 'auto',
    bytes: Uint8Array,
    source: string,
    signal: AbortSignal,
    only?: ChainSelection,
  ): Promise<ChainSnapshot[]>;
  /** What is in a file; reads all of it, so that a malformed one rejects here. `bytes` is handed over as for `decode`. */
  index(bytes: Uint8Array, source: string, signal: AbortSignal): Promise<FileIndex>;
  /** Ends the thread; requests that are not answered yet are rejected with FeedUnavailableError. Idempotent. */
  stop(): Promise<void>;
}

export function createDecodeWorker({ log, memoryLimitMb = MEMORY_LIMIT_MB }: DecodeWorkerOptions = {}): DecodeWorker {
  const queue = createDecodeQueue({ log, memoryLimitMb });

  async function ask(request: DecodeRequest, signal: AbortSignal): Promise<Exclude<DecodeReply, { kind: 'failed' }>> {
    const reply = await queue.ask(request, signal);
    if (reply.kind === 'failed') throw toError(reply, request.source);
    return reply;
  }

  return {
    async decode(format, bytes, source, signal, only) {
      const reply = await ask({ kind: 'decode', format, bytes: ownBytes(bytes), source, only }, signal);
      return reply.kind === 'decoded' ? reply.chains : [];
    },
    async index(bytes, source, signal) {
      const reply = await ask({ kind: 'index', bytes: ownBytes(bytes), source }, signal);
      return reply.kind === 'indexed' ? reply.index : { format: null, chains: [] };
    },
    stop: () => queue.stop(),
  };
}

/** The same bytes in a buffer that holds nothing else and can be moved to another thread. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  const isOwner = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  return isOwner ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

function toError({ isMalformed, message, stack }: Extract<DecodeReply, { kind: 'failed' }>, source: string): FeedMalformedError {
  if (isMalformed) return new FeedMalformedError(message);
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  return new FeedMalformedError(`${source}: cannot be decoded (${message})`, { cause });
}
