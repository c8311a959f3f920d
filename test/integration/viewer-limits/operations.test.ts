import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMIT_NAMES } from '../../../src/domain/limits/limit-policy.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { type Ask, type LimitedApp, PERSISTED, ROLES, startLimitedApp, TRANSPORTS } from '../../support/start-limited-app.ts';

let limited: LimitedApp;
let database: LimitedApp['database'];
let authorization: LimitedApp['authorization'];

beforeAll(async () => {
  limited = await startLimitedApp();
  ({ database, authorization } = limited);
});

afterAll(() => limited.stop());

/** A document of so many tokens. */
function ofTokens(tokens: number): string {
  const frame = parse('{ scanner { state } }').tokenCount! - 1;
  return `{ scanner { ${'state '.repeat(tokens - frame)}} }`;
}

const directives = (count: number) => `{ scanner { ${'... @include(if: true) { state } '.repeat(count)} } }`;
const aliases = (count: number) => `{ scanner { ${Array.from({ length: count }, (_, index) => `a${index}: state`).join(' ')} } }`;
const roots = (count: number) => `{ ${Array.from({ length: count }, (_, index) => `a${index}: scanner { state }`).join(' ')} }`;

/** At the limit, one beyond it. */
const SIZES: readonly (readonly [string, string, string, number, number])[] = [
  ['tokens', ofTokens(300), ofTokens(301), 300, 301],
  ['depth', '{ scanRuns(first: 1) { edges { node { id } } } }', '{ scanResults(first: 1) { edges { node { filter { id } } } } }', 4, 5],
  ['aliases', aliases(5), aliases(6), 5, 6],
  ['directives', directives(5), directives(6), 5, 6],
  ['rootFields', roots(3), roots(4), 3, 4],
  ['cost', '{ a: nodes(ids: $ids) { id } }', '{ a: nodes(ids: $ids) { id } }', 500, 501],
  ['pageSize', '{ scanResults(first: 10) { edges { cursor } } }', '{ scanResults(first: 11) { edges { cursor } } }', 10, 11],
];

describe.each(TRANSPORTS)('over %s', (transport) => {
  const ask: Ask = (operation, bearer) => limited.ask[transport](operation, bearer);

  it.each(SIZES.filter(([limit]) => limit !== 'cost'))(
    '%s: as many as granted pass, one more is refused',
    async (limit, passing, refused, allowed, requested) => {
      const bearer = await authorization();
      expect((await ask({ query: passing }, bearer)).errors).toEqual([]);
      const { errors, status } = await ask({ query: refused }, bearer);
      expect(errors).toMatchObject([
        { message: expect.stringContaining(`at most ${allowed}`), extensions: { code: 'LIMIT_EXCEEDED', limit, allowed, requested } },
      ]);
      expect(errors[0]!.extensions).not.toHaveProperty('http');
      const overHttp = limit === 'pageSize' ? 200 : 400;
      expect(transport === 'HTTP' ? status : overHttp).toBe(overHttp);
      expect((await ask({ query: refused }, await authorization(['ANALYST']))).errors).toEqual([]);
      // What was refused once is not remembered as refused, nor what was served as served.
      expect((await ask({ query: passing }, bearer)).errors).toEqual([]);
      expect((await ask({ query: refused }, bearer)).errors).toHaveLength(1);
    },
  );

  it('cost: what variables ask for is measured with each operation anew', async () => {
    const bearer = await authorization();
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
    const ids = (count: number) => ({ ids: Array.from({ length: count }, () => 'U2NhblJ1bjow') });
    for (let round = 0; round < 2; round++) {
      const refused = await ask({ query, variables: { ids: ids(3).ids.concat(Array(498).fill('x')) } }, bearer);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: expect.stringMatching(/cost|bodyBytes/) } }]);
      const { errors } = await ask({ query, variables: ids(1) }, bearer);
      expect(errors.map(({ extensions: { code } }) => code)).not.toContain('LIMIT_EXCEEDED');
    }
  });

  it('the schema is told to roles that are granted it, and to no others', async () => {
    const query = '{ __schema { queryType { name } } }';
    expect((await ask({ query }, await authorization(['ANALYST']))).errors).toEqual([]);
    const { errors } = await ask({ query }, await authorization());
    expect(new Set(errors.map(({ extensions: { code } }) => code))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect((await ask({ query: '{ scanner { __typename } }' }, await authorization())).errors).toEqual([]);
    expect((await ask({ query }, await authorization(['TRADER', 'ANALYST']))).errors).toEqual([]);
  });

  it('the rate: a burst passes, one more is told when to come back', async () => {
    const bearer = await authorization(['DEVELOPER']);
    const one = { query: '{ viewer { subject } }' };
    // Some at a time: the whole burst and the one beyond it come within the window, which is 20 s long.
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(one, bearer)));
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    }
    const { errors, status, retryAfter } = await ask(one, bearer);
    expect(errors).toMatchObject([
      {
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'operationsPerSecond', allowed: 20, requested: 21, retryAfterMs: expect.any(Number) },
      },
    ]);
    const { retryAfterMs } = errors[0]!.extensions as { retryAfterMs: number };
    expect(retryAfterMs).toBeLessThanOrEqual(20_000);
    const overHttp = { status: 429, retryAfter: String(Math.ceil(retryAfterMs / 1_000)) };
    expect(status === null ? overHttp : { status, retryAfter }).toEqual(overHttp);
    expect((await ask(one, await authorization(['DEVELOPER']))).errors).toEqual([]);
  });

  it('operations at the same time: two pass, a third is refused and passes later', async () => {
    const bearer = await authorization(['ANALYST']);
    const slow = { query: '{ scanRuns(first: 1) { edges { cursor } } }' };
    const lock = await holdLock(database.url, 'lock table scan_runs in access exclusive mode');
    const two = [ask(slow, bearer), ask(slow, bearer)];
    // The two may not have begun: only refusals of ours tell.
    await expect
      .poll(async () => (await ask({ query: '{ viewer { subject } }' }, bearer)).errors.map(({ extensions: { limit } }) => limit))
      .toEqual(['concurrentOperations']);
    await lock.release();
    for (const { errors } of await Promise.all(two)) expect(errors).toEqual([]);
    await expect.poll(async () => (await ask({ query: '{ viewer { subject } }' }, bearer)).errors).toEqual([]);
  });

  it('documents by their hash', async () => {
    const sha256Hash = createHash('sha256').update(PERSISTED).digest('hex');
    const bearer = await authorization();
    const { data, errors } = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } } }, bearer);
    expect(errors).toEqual([]);
    expect(data.viewer.subject).toMatch(/^somebody-/);
    const unknown = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: '00'.repeat(32) } } }, bearer);
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  it('the viewer sees what it is granted and what is left', async () => {
    const bearer = await authorization();
    const query = `{ viewer { limits { ${LIMIT_NAMES.filter((name) => name !== 'tokens').join(' ')} tokens introspection rateLeft { operations resetAfterMs } } } }`;
    const { data } = await ask({ query }, bearer);
    expect(data.viewer.limits).toMatchObject(ROLES.TRADER);
    expect(data.viewer.limits.rateLeft.operations).toBe(data.viewer.limits.burst - 1);
  });
});
