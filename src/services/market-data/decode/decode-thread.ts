import { parentPort } from 'node:worker_threads';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { createRowStore } from '../../../domain/chain/row-store.ts';
import { FeedMalformedError } from '../feed-errors.ts';
import { decodeChain } from './decode-chain.ts';
import { CLOSE_THREAD, type DecodeReply, type DecodeRequest } from './decode-protocol.ts';
import { indexFile } from './file-index.ts';
import { createInflate } from './inflate.ts';

/**
 * The program of the decode thread, started by decode-worker.ts: answers one request after the other and hands the columns over without
 * copying them.
 */
const port = parentPort;
if (!port) throw new Error('expected to be started as a worker thread, got a process of its own');

const inflate = createInflate();
/** Grows to the longest chain and is used for each. */
const rows = createRowStore(1024, false);

port.on('message', (request: DecodeRequest | typeof CLOSE_THREAD) => {
  if (request === CLOSE_THREAD) {
    port.close();
    return;
  }
  const reply = answer(request);
  port.postMessage(reply, reply.kind === 'decoded' ? buffersOf(reply.chains) : []);
});

function answer(request: DecodeRequest): DecodeReply {
  try {
    const bytes = inflate(request.bytes, request.source);
    if (request.kind === 'index') return { kind: 'indexed', index: indexFile(bytes, request.source) };
    return { kind: 'decoded', chains: decodeChain(request.format, bytes, request.source, request.only, rows) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', isMalformed: error instanceof FeedMalformedError, message, stack };
  }
}

function buffersOf(chains: readonly ChainSnapshot[]): ArrayBuffer[] {
  return chains.flatMap(({ quotes: { original, ...columns } }) => {
    const own = Object.values(columns);
    return [...own, ...(original ? [original.bid, original.ask, original.mark] : [])].map((column) => column.buffer as ArrayBuffer);
  });
}
