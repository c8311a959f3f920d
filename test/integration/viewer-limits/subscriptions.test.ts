import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricValue } from '../../support/metric-value.ts';
import { type EventStream, openEventStream } from '../../support/open-event-stream.ts';
import { openRawSocket } from '../../support/raw-socket.ts';
import { type LimitedApp, startLimitedApp } from '../../support/start-limited-app.ts';

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

const SUBSCRIPTION = 'subscription { scanner { state } }';

describe('subscriptions and sockets', () => {
  it('over one WebSocket: two pass, a third is refused and passes when one has ended', async () => {
    const socket = await socketOf(await authorization());
    const subscribe = (id: string) => socket.send({ id, type: 'subscribe', payload: { query: SUBSCRIPTION } });
    for (const id of ['a', 'b']) {
      subscribe(id);
      expect((await socket.frame((frame) => frame.id === id)).payload.data.scanner.state).toBeTypeOf('string');
    }
    subscribe('c');
    expect((await socket.frame(({ id }) => id === 'c')).payload.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptionsPerSocket', allowed: 2, requested: 3 } },
    ]);
    socket.send({ id: 'a', type: 'complete' });
    let attempt = 0;
    await expect
      .poll(async () => {
        const id = `d${++attempt}`;
        subscribe(id);
        return (await socket.frame((frame) => frame.id === id)).payload.errors;
      })
      .toBeUndefined();
    socket.socket.close();
  });

  it('of one viewer: three over all sockets, two sockets, and room again when they have gone', async () => {
    const bearer = await authorization();
    const [one, other] = [await socketOf(bearer), await socketOf(bearer)];
    const third = openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } });
    await third.opened;
    third.send({ type: 'connection_init' });
    expect(await third.closed).toEqual({ code: 4429, reason: 'sockets: expected at most 2 sockets, got 3' });
    for (const [socket, id] of [
      [one, 'a'],
      [one, 'b'],
      [other, 'c'],
    ] as const) {
      socket.send({ id, type: 'subscribe', payload: { query: SUBSCRIPTION } });
      await socket.frame((frame) => frame.id === id && frame.payload.data !== undefined);
    }
    other.send({ id: 'd', type: 'subscribe', payload: { query: SUBSCRIPTION } });
    expect((await other.frame(({ id }) => id === 'd')).payload.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptions', allowed: 3, requested: 4 } },
    ]);
    one.socket.close();
    other.socket.close();
    await expect
      .poll(async () => {
        const again = openRawSocket(app.webSocketUrl, { headers: { authorization: bearer } });
        await again.opened;
        again.send({ type: 'connection_init' });
        const isIn = await Promise.race([
          again.frame(({ type }) => type === 'connection_ack').then(() => true),
          again.closed.then(() => false),
        ]);
        again.socket.close();
        return isIn;
      })
      .toBe(true);
  });

  it('event streams are sockets: the third is refused with 429, and passes when one has gone', async () => {
    const bearer = await authorization();
    const open = () =>
      openEventStream(`${app.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: bearer },
        body: JSON.stringify({ query: SUBSCRIPTION }),
      });
    const streams: EventStream[] = [await open(), await open()];
    for (const stream of streams) await stream.event(({ event }) => event === 'next');
    const third = await open();
    expect(third.response.status).toBe(429);
    expect((await third.event(({ event }) => event === 'next')).data.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'sockets', allowed: 2, requested: 3 } },
    ]);
    streams[0]!.disconnect();
    await expect
      .poll(async () => {
        const stream = await open();
        const { status } = stream.response;
        stream.disconnect();
        return status;
      })
      .toBe(200);
    streams[1]!.disconnect();
  });

  it('in one event stream: two subscriptions pass, a third is refused', async () => {
    const bearer = await authorization();
    const url = `${app.origin}/graphql`;
    const token = await (await fetch(url, { method: 'PUT', headers: { authorization: bearer } })).text();
    const stream = await openEventStream(url, { headers: { 'x-graphql-event-stream-token': token, authorization: bearer } });
    const subscribe = (operationId: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token, authorization: bearer },
        body: JSON.stringify({ query: SUBSCRIPTION, extensions: { operationId } }),
      });
    for (const id of ['a', 'b']) expect((await subscribe(id)).status).toBe(202);
    const refused = await subscribe('c');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'subscriptionsPerSocket', allowed: 2, requested: 3 } }],
    });
    stream.disconnect();
  });
});

it('refusals are counted by limit', async () => {
  await ask.HTTP({ query: '{ scanResults(first: 1) { edges { node { filter { id } } } } }' }, await authorization());
  expect(await metricValue(app, 'strikewire_limit_refusals_total', { limit: 'depth' })).toBeGreaterThan(0);
  expect(await metricValue(app, 'strikewire_limit_refusals_total', { limit: 'sockets' })).toBeGreaterThan(0);
});
