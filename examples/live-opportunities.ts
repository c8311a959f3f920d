/**
 * Prints opportunities as they enter, change and leave: `npm run example [-- URL]`, beside a server that runs. STRIKEWIRE_TOKEN: a token, where the server wants one.
 * In a program of your own, import from 'strikewire/client'.
 */
import { WebSocket } from 'ws';
import { createStrikewireClient, LiveOpportunities } from '../src/client/index.ts';
import { OPPORTUNITY_HEADER, opportunityLine } from './opportunity-line.ts';

const url = process.argv[2] ?? 'ws://127.0.0.1:4000/graphql';
const token = process.env.STRIKEWIRE_TOKEN;

const client = createStrikewireClient({
  url,
  webSocketImpl: WebSocket,
  ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
});
client.on('connected', () => console.error(`connected to ${url}`));
client.on('disconnected', ({ reason, code }) => console.error(`disconnected: ${reason || code}`));
client.on('reconnecting', ({ attempt, delayMs }) => console.error(`attempt ${attempt} in ${(delayMs / 1_000).toFixed(1)} s`));
client.on('gap', ({ missed, missedSince }) =>
  console.error(`${missed ?? 'some'} changes were missed after ${missedSince ?? 'the beginning'}`),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => client.close());

console.log(OPPORTUNITY_HEADER);
try {
  for await (const { data } of client.subscribe(LiveOpportunities, { variables: { snapshot: 20 } })) {
    for (const change of data.opportunities.changes) console.log(opportunityLine(change));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  client.close();
}
