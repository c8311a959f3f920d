/** A whole server in a process of its own, over the given database; AAA trades at what PRICE_URL says. It runs until it is killed. */
import './end-with-the-run.ts';
import { aChain, aChainFeed } from './a-chain-feed.ts';
import { startTestApp } from './start-test-app.ts';

const feed = aChainFeed(['AAA']);
feed.answer('AAA', async () => {
  const { spot, quotedAtMs } = (await (await fetch(process.env.PRICE_URL!)).json()) as { spot: number; quotedAtMs: number };
  return aChain('AAA', { spot, quotedAtMs });
});
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(NOTIFICATIONS_|SECRETS_KEY$)/.test(name)) as [string, string][],
);
const app = await startTestApp({ databaseUrl: process.env.SERVER_DATABASE_URL!, feed, env: { STREAM_POLL_INTERVAL_MS: '50', ...env } });
process.stdout.write(`serving ${app.origin}\n`);
