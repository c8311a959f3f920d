import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import compression from 'compression';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { afterEach, expect, it, vi } from 'vitest';
import { useTextAnswers } from '../../../src/server/use-text-answers.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server whose one field says this, and the pieces in which it writes its answers. */
async function aServer(said: string, plugins: readonly Plugin[] = []) {
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { said: String }', resolvers: { Query: { said: () => said } } }),
    graphiql: false,
    logging: false,
    plugins: [...plugins, useTextAnswers()],
  });
  const compress = compression({ threshold: 0, filter: () => true });
  const pieces: unknown[][] = [];
  const server = createServer((request, response) => {
    const end = response.end.bind(response) as (...piece: unknown[]) => typeof response;
    response.end = ((...piece: unknown[]) => {
      pieces.push(piece);
      return end(...piece);
    }) as typeof response.end;
    compress(request as never, response as never, () => void yoga(request, response));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async (query: string, encoding: { 'accept-encoding'?: string } = {}) => {
    const response = await new Promise<IncomingMessage>((resolve) => {
      const headers = { accept: 'application/graphql-response+json', ...encoding };
      get({ port, path: `/graphql?query=${encodeURIComponent(query)}`, headers, agent: false }, resolve);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) };
  };
  return { ask, pieces };
}

it.each([
  ['of ASCII', 'a put spread', 'latin1'],
  ['with letters of Latin-1', 'Prämie ÿ', 'utf8'],
  ['with letters beyond Latin-1', '≥ 5 €, 📈', 'utf8'],
])('sends an answer %s as its bytes in UTF-8, in one piece', async (_of, said, encoding) => {
  const { ask, pieces } = await aServer(said);
  const text = JSON.stringify({ data: { said } });
  const { status, headers, bytes } = await ask('{ said }');
  expect([status, headers['content-type']]).toEqual([200, 'application/graphql-response+json; charset=utf-8']);
  expect(bytes.equals(Buffer.from(text))).toBe(true);
  expect(Number(headers['content-length'])).toBe(bytes.length);
  expect(pieces).toEqual([[text, encoding]]);
});

it('sends the status and the headers that other plugins have given an answer', async () => {
  const { ask } = await aServer('so', [{ onResponse: ({ response }) => response.headers.append('x-told', 'so') }]);
  const { status, headers, bytes } = await ask('{ unsaid }');
  expect([status, headers['x-told']]).toEqual([400, 'so']);
  expect(JSON.parse(bytes.toString()).errors).toHaveLength(1);
});

it('leaves what is compressed to who compresses it, once', async () => {
  const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { ask, pieces } = await aServer('a put spread');
  const { headers, bytes } = await ask('{ said }', { 'accept-encoding': 'gzip' });
  expect(headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual({ data: { said: 'a put spread' } });
  expect(pieces).toHaveLength(1);
  expect(complained).not.toHaveBeenCalled();
  complained.mockRestore();
});
