import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILTER_PRESETS } from '../../src/domain/filters/presets.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const FILTER =
  'id revision name description enabled visibility owner deletedAt criteria { score { min max } delta { min } symbols { in } }';

let database: TestDatabase;
let app: TestApp;
let ann: string;
let bob: string;
let names = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
});

afterAll(async () => {
  const isClean = await app.stop();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function tell(query: string, variables: Record<string, unknown> = {}, shown = ann) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

/** The result of a mutation: the filter, or the error. */
async function mutate(name: string, input: Record<string, unknown>, shown = ann) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const data = await tell(
    `mutation ($input: ${INPUTS[name] ?? `${type}Input`}!) { ${name}(input: $input) {
      __typename ... on ${type}Payload { filter { ${FILTER} } } ... on Error { message } ... on ConflictError { currentRevision } } }`,
    { input },
    shown,
  );
  return data[name].filter ?? data[name];
}
const INPUTS: Readonly<Record<string, string>> = { filterEnable: 'FilterSwitchInput', filterDisable: 'FilterSwitchInput' };

/** Revisions 1 to 3. */
async function aChangedFilter() {
  const { id } = await mutate('filterCreate', { name: `Changed ${++names}`, criteria: { score: { min: 50 } }, reason: 'first' });
  await mutate('filterUpdate', { id, expectedRevision: 1, criteria: { score: { min: 60, max: 90 }, delta: { min: 0.1 } } });
  await mutate('filterUpdate', { id, expectedRevision: 2, visibility: 'PRIVATE', description: 'mine', reason: 'not for others' });
  return id as string;
}

const REVISIONS = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { filter(id: $id) {
  revisions(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { revision kind actor reason visibility changes { path from to } } } pageInfo { hasNextPage hasPreviousPage } } } }`;

async function revisionsOf(id: string, paging: Record<string, unknown> = {}) {
  return (await tell(REVISIONS, { id, ...paging })).filter.revisions as {
    edges: { cursor: string; node: { revision: number; changes: unknown[] } }[];
    pageInfo: unknown;
  };
}
const numbers = ({ edges }: Awaited<ReturnType<typeof revisionsOf>>) => edges.map(({ node }) => node.revision);

describe('filterUpdate', () => {
  it('with overrides changes the criteria it names, each as a whole, and leaves the others', async () => {
    const criteria = { score: { min: 50, max: 90 }, delta: { min: 0.1 } };
    const { id } = await mutate('filterCreate', { name: 'To be adjusted', criteria });
    const changed = await mutate('filterUpdate', { id, expectedRevision: 1, overrides: { score: { min: 60 }, symbols: { in: ['AAA'] } } });
    expect(changed).toMatchObject({
      revision: 2,
      criteria: { score: { min: 60, max: null }, delta: { min: 0.1 }, symbols: { in: ['AAA'] } },
    });
    const both = await mutate('filterUpdate', { id, expectedRevision: 2, criteria, overrides: {} });
    expect(both).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('either criteria or overrides') });
    const wrong = await mutate('filterUpdate', { id, expectedRevision: 2, overrides: { score: { min: 9, max: 1 } } });
    expect(wrong).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('criteria.score') });
  });
});

describe('the revisions of a filter', () => {
  it('say what was changed, by whom and why, the newest first', async () => {
    const { edges } = await revisionsOf(await aChangedFilter());
    expect(edges.map(({ node }) => node)).toEqual([
      {
        revision: 3,
        kind: 'UPDATED',
        actor: 'ann',
        reason: 'not for others',
        visibility: 'PRIVATE',
        changes: [
          { path: 'description', from: '""', to: '"mine"' },
          { path: 'visibility', from: '"SHARED"', to: '"PRIVATE"' },
        ],
      },
      {
        revision: 2,
        kind: 'UPDATED',
        actor: 'ann',
        reason: null,
        visibility: 'SHARED',
        changes: [
          { path: 'criteria.score.min', from: '50', to: '60' },
          { path: 'criteria.score.max', from: null, to: '90' },
          { path: 'criteria.delta', from: null, to: '{"min":0.1}' },
        ],
      },
      { revision: 1, kind: 'CREATED', actor: 'ann', reason: 'first', visibility: 'SHARED', changes: [] },
    ]);
  });

  it('come in pages, both ways', async () => {
    const id = await aChangedFilter();
    const newest = await revisionsOf(id, { first: 2 });
    expect([numbers(newest), newest.pageInfo]).toEqual([[3, 2], { hasNextPage: true, hasPreviousPage: false }]);
    expect(numbers(await revisionsOf(id, { first: 2, after: newest.edges[1]!.cursor }))).toEqual([1]);
    expect(numbers(await revisionsOf(id, { last: 2 }))).toEqual([2, 1]);
    expect(numbers(await revisionsOf(id, { last: 5, before: newest.edges[1]!.cursor }))).toEqual([3]);
    const { errors } = await askAs(app, ann, REVISIONS, { id, first: 1, after: 'nonsense' });
    expect(errors![0]!.message).toContain('expected a cursor');
  });

  it('can be gone back to, as a new revision that publishes nothing', async () => {
    const id = await aChangedFilter();
    expect(await mutate('filterRollback', { id, expectedRevision: 3, revision: 1, reason: 'was better' })).toMatchObject({
      revision: 4,
      description: '',
      visibility: 'PRIVATE',
      criteria: { score: { min: 50, max: null }, delta: null },
    });
    const { edges } = await revisionsOf(id, { first: 1 });
    expect(edges[0]!.node).toMatchObject({ revision: 4, kind: 'UPDATED', reason: 'was better' });
  });

  it('cannot be gone back to by mistake', async () => {
    const id = await aChangedFilter();
    expect(await mutate('filterRollback', { id, expectedRevision: 2, revision: 1 })).toMatchObject({
      __typename: 'ConflictError',
      currentRevision: 3,
    });
    expect(await mutate('filterRollback', { id, expectedRevision: 3, revision: 3 })).toMatchObject({ __typename: 'ValidationError' });
    expect(await mutate('filterRollback', { id, expectedRevision: 3, revision: 9 })).toMatchObject({
      __typename: 'NotFoundError',
      message: 'expected a revision of the filter, 1 to 3, got 9',
    });
    // Of two at the same moment one holds.
    const both = await Promise.all([1, 2].map((revision) => mutate('filterRollback', { id, expectedRevision: 3, revision })));
    expect(both.map((result) => result.__typename ?? 'made').toSorted()).toEqual(['ConflictError', 'made']);
  });
});

describe('a filter', () => {
  it('that is deleted can be restored as it was, unless its name has been taken', async () => {
    const { id, name } = await mutate('filterCreate', { name: `Deleted ${++names}`, criteria: {} });
    expect(await mutate('filterRestore', { id })).toMatchObject({ __typename: 'ConflictError', currentRevision: 1 });
    await mutate('filterDelete', { id, expectedRevision: 1 });
    expect(await mutate('filterUpdate', { id, expectedRevision: 2, enabled: false })).toMatchObject({ __typename: 'NotFoundError' });
    const taker = await mutate('filterCreate', { name, criteria: {} });
    expect(await mutate('filterRestore', { id })).toMatchObject({ __typename: 'ConflictError' });
    await mutate('filterDelete', { id: taker.id, expectedRevision: 1 });
    expect(await mutate('filterRestore', { id, reason: 'needed after all' })).toMatchObject({ id, name, revision: 3, deletedAt: null });
    const { edges } = await revisionsOf(id, { first: 1 });
    expect(edges[0]!.node).toMatchObject({ kind: 'RESTORED', changes: [{ path: 'deleted', from: 'true', to: 'false' }] });
  });

  it('is disabled and enabled whatever its revision, and only when it is not already', async () => {
    const { id } = await mutate('filterCreate', { name: `Switched ${++names}`, criteria: {} });
    expect(await mutate('filterDisable', { id })).toMatchObject({ enabled: false, revision: 2 });
    expect(await mutate('filterDisable', { id })).toMatchObject({ enabled: false, revision: 2 });
    expect(await mutate('filterEnable', { id })).toMatchObject({ enabled: true, revision: 3 });
    expect(await mutate('filterEnable', { id }, bob)).toMatchObject({ __typename: 'ForbiddenError' });
  });

  it('can be copied by whoever sees it, and the copy is the copier’s', async () => {
    const { id } = await mutate('filterCreate', {
      name: `Original ${++names}`,
      criteria: { score: { min: 70 } },
      description: 'good',
      enabled: false,
    });
    const copy = await mutate('filterDuplicate', { id, name: `Copy ${names}`, visibility: 'PRIVATE', idempotencyKey: 'copy' }, bob);
    expect(copy).toMatchObject({
      owner: 'bob',
      visibility: 'PRIVATE',
      description: 'good',
      enabled: false,
      revision: 1,
      criteria: { score: { min: 70 } },
    });
    expect(await mutate('filterDuplicate', { id, name: `Copy ${names}`, visibility: 'PRIVATE', idempotencyKey: 'copy' }, bob)).toEqual(
      copy,
    );
  });

  it('made of a preset has what the preset ships with, but for what is overridden', async () => {
    const preset = FILTER_PRESETS.find(({ key }) => key === 'conservative')!;
    const made = await mutate('filterApplyPreset', {
      preset: 'CONSERVATIVE',
      name: `From a preset ${++names}`,
      overrides: { symbols: { in: ['AAA'] }, score: { min: 50 }, daysToExpiration: { max: 10 } },
    });
    expect(made).toMatchObject({ owner: 'ann', visibility: 'SHARED', enabled: true, description: preset.description });
    const { filter } = await tell(
      `query ($id: ID!) { filter(id: $id) { kind preset criteria {
        symbols { in } strategies { in } score { min } daysToExpiration { min max } shortDelta { min max } probabilityOfProfit { min } } } }`,
      { id: made.id },
    );
    expect(filter).toEqual({
      kind: 'CUSTOM',
      preset: null,
      criteria: {
        symbols: { in: ['AAA'] },
        strategies: { in: preset.criteria.strategies!.in },
        score: { min: 50 },
        daysToExpiration: { min: null, max: 10 },
        shortDelta: preset.criteria.metrics!.shortDelta,
        probabilityOfProfit: preset.criteria.metrics!.probabilityOfProfit,
      },
    });
    const wrong = await mutate('filterApplyPreset', { preset: 'HIGH_IV', name: 'Wrong', overrides: { score: { min: 9, max: 1 } } });
    expect(wrong).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('criteria.score') });
  });
});
