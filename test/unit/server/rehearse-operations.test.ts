import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { rehearseOperations } from '../../../src/server/rehearse-operations.ts';

const never = new AbortController().signal;
const queryIn = async (request: IncomingMessage) => (JSON.parse(await text(request)) as { query: string }).query;

describe('a rehearsal', () => {
  it('asks one query after the other, as over HTTP, whatever they are answered', async () => {
    const asked: unknown[] = [];
    await rehearseOperations(['{ a }', '{ b }'], {
      signal: never,
      endpoint: async (request, response) => {
        asked.push([request.method, request.url, request.headers['content-type'], await queryIn(request)]);
        response.writeHead(500).end('x'.repeat(100_000));
      },
    });
    expect(asked).toEqual([
      ['POST', '/graphql', 'application/json', '{ a }'],
      ['POST', '/graphql', 'application/json', '{ b }'],
    ]);
  });

  it('is over when it is to end: what runs is cut, and nothing more is begun', async () => {
    const ending = new AbortController();
    const asked: string[] = [];
    let cut = () => {};
    const wasCut = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const rehearsal = rehearseOperations(['{ a }', '{ b }'], {
      signal: ending.signal,
      endpoint: async (request, response) => {
        response.on('close', cut);
        asked.push(await queryIn(request));
        ending.abort(new Error('the server stops'));
      },
    });
    await expect(rehearsal).rejects.toMatchObject({ name: 'AbortError' });
    await wasCut;
    expect(asked).toEqual(['{ a }']);
  });
});
