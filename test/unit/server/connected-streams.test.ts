import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { connectedStreams } from '../../../src/server/connected-streams.ts';

/** Without ending the other direction, as the iterator of a stream does. */
async function read(stream: Duplex): Promise<string> {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(stream, 'end');
  return text;
}

describe('connected streams', () => {
  it('carry what is written to one to the other, both ways, until each has ended', async () => {
    const [near, far] = connectedStreams();
    near.write('how ');
    near.end('much?');
    expect(await read(far)).toBe('how much?');
    far.end('1.05');
    expect(await read(near)).toBe('1.05');
  });

  it('hold up a writer until the reader has room, and lose nothing', async () => {
    const [near, far] = connectedStreams();
    const chunk = 'x'.repeat(40_000);
    let written = 0;
    while (near.write(chunk)) written++;
    for (let rest = 0; rest < 10; rest++) near.write(chunk);
    near.end();
    expect(written).toBeLessThan(3);
    expect((await read(far)).length).toBe((written + 11) * chunk.length);
  });

  it('end together when one is destroyed', async () => {
    const [near, far] = connectedStreams();
    const closed = once(far, 'close');
    near.destroy();
    await closed;
    expect(far.destroyed).toBe(true);
    await expect(finished(far)).rejects.toThrow('Premature close');
  });
});
