import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestApp } from './start-test-app.ts';

export const BACKTEST = `subscription ($input: AlertRuleBacktestInput!) { alertRuleBacktest(input: $input) {
  isOver progress rows firingCount openCount flapCount
  firings { number group { name value } firedAt resolvedAt value matches isFlap } channels { channelId total fired again resolved escalated } } }`;

/** An alert, or what a backtest tells of one. */
export interface Episode {
  readonly series: readonly string[];
  readonly firedAt: string;
  readonly resolvedAt: string | null;
}

/** Everything a backtest tells. @throws the errors it is refused with */
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
export async function backtest(app: Pick<TestApp, 'webSocketUrl'>, input: Record<string, unknown>): Promise<any[]> {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  const told = [];
  try {
    for await (const { data, errors } of client.iterate({ query: BACKTEST, variables: { input } })) {
      if (errors) throw errors;
      told.push((data as { alertRuleBacktest: unknown }).alertRuleBacktest);
    }
  } finally {
    await client.dispose();
  }
  return told;
}

/** Firings of a backtest, by series and moment. */
export async function replayedFirings(app: Pick<TestApp, 'webSocketUrl'>, input: Record<string, unknown>): Promise<Episode[]> {
  const byNumber = new Map<number, Episode>();
  for (const { firings } of await backtest(app, input)) {
    for (const { number, group, firedAt, resolvedAt } of firings) {
      byNumber.set(number, { series: group.map(({ value }: { value: string }) => value), firedAt, resolvedAt });
    }
  }
  return ordered([...byNumber.values()]);
}

/** Alerts of a rule, by series and moment. */
export async function liveFirings(app: Pick<TestApp, 'ask'>, ruleId: string): Promise<Episode[]> {
  const found: Episode[] = [];
  for (let after: string | null = null; ; ) {
    const { data, errors } = await app.ask(
      'query ($after: String) { alerts(first: 200, after: $after) { edges { node { ruleId group { value } firedAt resolvedAt } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    for (const { node } of data.alerts.edges) {
      if (node.ruleId !== ruleId) continue;
      const series = node.group.map(({ value }: { value: string }) => value);
      found.push({ series, firedAt: node.firedAt, resolvedAt: node.resolvedAt });
    }
    if (!data.alerts.pageInfo.hasNextPage) return ordered(found);
    after = data.alerts.pageInfo.endCursor;
  }
}

function ordered(episodes: readonly Episode[]): Episode[] {
  return episodes.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
