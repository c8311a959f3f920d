import { FeedMalformedError } from '../feed-errors.ts';

/** The body of a response. Throws FeedMalformedError when it is larger than `maximumBytes`, and what the network throws when it is cut short. */
export async function readBody(response: Response, maximumBytes: number, source: string): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maximumBytes) {
      await reader.cancel();
      throw new FeedMalformedError(`${source}: expected at most ${maximumBytes} bytes, got more`);
    }
    chunks.push(value);
  }
  return joined(chunks, size);
}

/** In an array that owns its buffer, so that it can be handed to another thread without a copy. */
function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
