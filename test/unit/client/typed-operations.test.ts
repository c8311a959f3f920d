import { expect, it } from 'vitest';
import { createStrikewireClient } from '../../../src/client/create-strikewire-client.ts';
import { CreateFilter, LiveResults, ResultPage } from '../../../src/client/operations.ts';

const Unused = Object.assign(() => {}, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });

it('the compiler knows the variables and the answers of typed operations', () => {
  const client = createStrikewireClient({ url: 'ws://127.0.0.1/graphql', webSocketImpl: Unused });
  const notCalled = [
    async () => {
      const page = await client.query(ResultPage);
      return page.scanResults.edges[0]?.node.score satisfies number | null | undefined;
    },
    // @ts-expect-error a variable that must be given is not
    () => client.mutate(CreateFilter),
    // @ts-expect-error a variable is of another type
    () => client.mutate(CreateFilter, { variables: { input: { name: 1, criteria: {} } } }),
    // @ts-expect-error there is no such variable
    () => client.subscribe(LiveResults, { variables: { before: 'x' } }),
    async () => {
      for await (const { data } of client.subscribe(LiveResults)) {
        // @ts-expect-error the operation does not ask for that
        return data.scanResults.results[0]?.delta;
      }
      return null;
    },
    () => client.query<{ mine: number }>('{ mine }') satisfies Promise<{ mine: number }>,
  ];
  expect(notCalled).toHaveLength(6);
  expect(client.state).toBe('idle');
});

it('without a WebSocket class the client says what to do', () => {
  const given = (globalThis as { WebSocket?: unknown }).WebSocket;
  try {
    Reflect.deleteProperty(globalThis, 'WebSocket');
    expect(() => createStrikewireClient({ url: 'ws://127.0.0.1/graphql' })).toThrow(
      'expected a WebSocket class in `webSocketImpl`, got none',
    );
    (globalThis as { WebSocket?: unknown }).WebSocket = Unused;
    expect(createStrikewireClient({ url: 'ws://127.0.0.1/graphql' }).state).toBe('idle');
  } finally {
    (globalThis as { WebSocket?: unknown }).WebSocket = given;
    if (!given) Reflect.deleteProperty(globalThis, 'WebSocket');
  }
});
