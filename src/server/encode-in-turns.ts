import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';

/** Letters that are made bytes in one go: far below a millisecond, and few pieces for a socket to send. */
const LETTERS_AT_ONCE = 32_768;

/** The bytes of a text in UTF-8, made in turns of the event loop, in pieces of about the same size; its pieces may be made while they are asked for. */
export async function encodeInTurns(pieces: Iterable<string>, slicer: EventLoopSlicer): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let text = '';
  await slicer.turn();
  for (const piece of pieces) {
    text += piece;
    if (text.length < LETTERS_AT_ONCE) continue;
    chunks.push(Buffer.from(text));
    text = '';
    if (slicer.isExhausted()) await slicer.turn();
  }
  if (text !== '') chunks.push(Buffer.from(text));
  return chunks;
}
