import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpRequest } from '../../support/http-request.ts';
import { BODY_BYTES, type LimitedApp, startLimitedApp } from '../../support/start-limited-app.ts';

let limited: LimitedApp;
let app: LimitedApp['app'];
let authorization: LimitedApp['authorization'];
let ask: LimitedApp['ask'];
let socketOf: LimitedApp['socketOf'];

beforeAll(async () => {
  limited = await startLimitedApp();
  ({ app, authorization, ask, socketOf } = limited);
});

afterAll(() => limited.stop());

function ofBytes(bytes: number, envelope: (query: string) => string): string {
  const query = '{ __typename }';
  return query + ' '.repeat(bytes - envelope(query).length);
}

describe('bodies', () => {
  it('over HTTP: as long as granted pass, one byte more is refused with 413', async () => {
    const send = async (bytes: number, bearer: string) =>
      await httpRequest(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: bearer },
        body: JSON.stringify({ query: ofBytes(bytes, (query) => JSON.stringify({ query })) }),
      });
    const bearer = await authorization();
    expect((await send(BODY_BYTES, bearer)).json()).toEqual({ data: { __typename: 'Query' } });
    const refused = await send(BODY_BYTES + 1, bearer);
    expect(refused.status).toBe(413);
    expect(refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'bodyBytes', allowed: BODY_BYTES, requested: BODY_BYTES + 1 } }],
    });
    expect((await send(BODY_BYTES + 1, await authorization(['ANALYST']))).status).toBe(200);
  });

  it('over WebSocket: a message as long as granted passes, one byte more is refused and the connection goes on', async () => {
    const socket = await socketOf(await authorization());
    const message = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });
    const long = (id: string, bytes: number) =>
      message(
        id,
        ofBytes(bytes, (query) => JSON.stringify(message(id, query))),
      );
    socket.send(long('a', BODY_BYTES));
    expect((await socket.frame(({ id }) => id === 'a')).payload).toEqual({ data: { __typename: 'Query' } });
    socket.send(long('b', BODY_BYTES + 1));
    expect(await socket.frame(({ id }) => id === 'b')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'bodyBytes', allowed: BODY_BYTES, requested: BODY_BYTES + 1 } }],
    });
    socket.send(message('c', '{ __typename }'));
    await socket.frame(({ id, type }) => id === 'c' && type === 'next');
    socket.socket.close();
  });
});

describe('batches', () => {
  const batch = async (operations: readonly unknown[], bearer: string, accept = 'application/json') => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: bearer },
      body: JSON.stringify(operations),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    return { status: response.status, body: (await response.json()) as any };
  };
  const ONE = { query: '{ __typename }' };

  it('pass up to what is granted, and are not read where none are', async () => {
    const bearer = await authorization();
    expect((await batch([ONE, ONE, ONE], bearer)).body).toEqual([1, 2, 3].map(() => ({ data: { __typename: 'Query' } })));
    const { status, body } = await batch([ONE, ONE, ONE, ONE], bearer);
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'batchSize', allowed: 3, requested: 4 });
    expect((await batch([ONE], await authorization(['ANALYST']))).body.errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('are refused when they are empty, no operations, or would have to be streams', async () => {
    const bearer = await authorization();
    for (const operations of [[], [7], [[ONE]]]) {
      const { status, body } = await batch(operations, bearer);
      expect(status).toBe(400);
      expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
    }
    const streams = await batch([{ query: 'subscription { scanner { state } }' }, ONE], bearer);
    expect(streams.body[0].errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(streams.body[1]).toEqual({ data: { __typename: 'Query' } });
  });

  it('count as many operations as they hold', async () => {
    const bearer = await authorization(['DEVELOPER', 'TRADER']);
    const left = async () =>
      (await ask.HTTP({ query: '{ viewer { limits { burst rateLeft { operations } } } }' }, bearer)).data.viewer.limits;
    const before = await left();
    await batch([ONE, ONE, ONE], bearer);
    expect((await left()).rateLeft.operations).toBe(before.rateLeft.operations - 3 - 1);
  });
});
