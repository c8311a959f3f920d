/* Strikewire as it ships, with its event loop watched; scans when it is told to. Settings come from the environment; FULL_CHAINS=true: chains of 20,000 contracts instead of the feed. */
import { EXAMPLE_OPERATIONS } from '../../dist/server/example-operations.js';
import { startProduct } from '../start-product.ts';
import { createFullChainFeed } from './full-chain-feed.ts';
import { createLoopWatch, type Stretch } from './loop-watch.ts';
import { createThreadProfile, type ThreadProfile } from './thread-profile.ts';
import { createThreadTime } from './thread-time.ts';

export type WatchedCommand = { readonly kind: 'begin' } | { readonly kind: 'end' };

export interface Listening {
  readonly port: number;
  /** What GraphiQL opens with. */
  readonly examples: readonly { readonly name: string; readonly query: string }[];
}

export interface Watched {
  readonly stretches: readonly Stretch[];
  /** What the product says of it itself: the greatest delay since the last time, milliseconds. */
  readonly toldMs: number;
}

/** Stretches are timed as they are without a profiler, and it is not told what ran. */
const NO_PROFILE: ThreadProfile = { start: async () => {}, stop: async () => () => [] };

const app = await startProduct(process.env.FULL_CHAINS === 'true' ? createFullChainFeed({ clock: Date.now }) : undefined);
const watch = createLoopWatch({
  threadTime: createThreadTime(),
  profile: process.env.WATCH_PROFILE === 'false' ? NO_PROFILE : createThreadProfile(),
});
const delay = app.registry.getSingleMetric('strikewire_event_loop_delay_max_seconds')!;

/** Resets it. */
async function toldMs(): Promise<number> {
  const { values } = await delay.get();
  return values[0]!.value * 1_000;
}

async function obey({ kind }: WatchedCommand): Promise<void> {
  if (kind === 'begin') {
    await watch.begin();
    await toldMs();
    process.send?.({ kind: 'begun' });
  } else {
    const told = await toldMs();
    process.send?.({ kind: 'watched', stretches: await watch.end(), toldMs: told });
  }
}

process.on('message', (message) => void obey(message as WatchedCommand));
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'listening', port: app.address.port, examples: EXAMPLE_OPERATIONS.map(({ name, query }) => ({ name, query })) });
