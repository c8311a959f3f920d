import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { CREATE, DELETE, type OwnersApp, SCAN, startOwnersApp } from '../../support/start-owners-app.ts';
import { startTestApp } from '../../support/start-test-app.ts';

let owners: OwnersApp;
let app: OwnersApp['app'];
let database: OwnersApp['database'];
let sql: OwnersApp['sql'];
let ann: OwnersApp['ann'];
let bob: OwnersApp['bob'];
let admin: OwnersApp['admin'];
let tell: OwnersApp['tell'];
let make: OwnersApp['make'];
let change: OwnersApp['change'];
let scan: OwnersApp['scan'];

beforeAll(async () => {
  owners = await startOwnersApp();
  ({ app, database, sql, ann, bob, admin, tell, make, change, scan } = owners);
});

afterAll(() => owners.stop());

/** Everything of a viewer's pages, with cursors and all, as text; and the filters that are named in it. */
async function pagesOf(shown: string): Promise<string> {
  const connection = (name: string, node: string, last = false) =>
    `${name}: ${name}(${last ? 'last' : 'first'}: 200) { edges { cursor node { ${node} } } }`;
  const data = await tell(
    shown,
    `{ ${connection('filters', 'id name')} ${connection('filterChanges', 'name filter { id }', true)}
       ${connection('scanResults', 'id filter { id name }')} ${connection('opportunities', 'id filter { id name }')}
       ${connection('opportunityChanges', 'opportunity { id filter { id name } }', true)}
       ${connection('scanRuns', 'filters { id name }')} }`,
  );
  return JSON.stringify(data);
}

const nodesOf = (shown: string, ids: readonly string[]) =>
  tell(shown, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }).then(({ nodes }) => nodes as ({ id: string } | null)[]);

describe('a private filter', () => {
  let secret: string;
  let found: string[];

  beforeAll(async () => {
    secret = await make(ann, 'Secret of Ann', { visibility: 'PRIVATE' });
    await scan(ann, ['AAA'], [secret]);
    await vi.waitFor(async () => {
      const data = await tell(
        ann,
        '{ scanResults(first: 100) { edges { node { id filter { id } } } } opportunities(first: 100) { edges { node { id filter { id } } } } }',
      );
      const rows = [data.scanResults, data.opportunities].map(({ edges }) =>
        // biome-ignore lint/suspicious/noExplicitAny: nodes of two kinds
        edges.map(({ node }: any) => node).filter(({ filter }: any) => filter.id === secret),
      );
      if (rows.some((of) => of.length === 0)) throw new Error('expected results and opportunities of the filter, got none yet');
      found = rows.flat().map(({ id }) => id as string);
    });
  });

  it('and what it found is there for its owner and for administrators', async () => {
    for (const shown of [ann, admin]) {
      expect(await pagesOf(shown)).toContain(secret);
      expect((await nodesOf(shown, [secret, ...found])).every((node) => node !== null)).toBe(true);
    }
  });

  it('and what it found is not there for anybody else: no page, no cursor, no node', async () => {
    const pages = await pagesOf(bob);
    for (const text of [secret, 'Secret of Ann', ...found]) expect(pages).not.toContain(text);
    expect(await nodesOf(bob, [secret, ...found])).toEqual([null, ...found.map(() => null)]);
    const data = await tell(bob, 'query ($id: ID!, $result: ID!) { filter(id: $id) { id } scanResult(id: $result) { id } }', {
      id: secret,
      result: found.find((id) => atob(id).startsWith('ScanResult:')),
    });
    expect(data).toEqual({ filter: null, scanResult: null });
    // Asking for it by name of the filter shows nothing either.
    const named = await tell(
      bob,
      'query ($ids: [ID!]!) { scanResults(filter: { filterIds: $ids }) { edges { cursor } } opportunities(filter: { filterIds: $ids }) { edges { cursor } } }',
      { ids: [secret] },
    );
    expect(named).toEqual({ scanResults: { edges: [] }, opportunities: { edges: [] } });
  });

  it('is for others not found and not forbidden, whatever they want of it', async () => {
    const id = secret;
    for (const [mutation, input] of [
      ['filterUpdate', '{ id: $id, expectedRevision: 1, enabled: false }'],
      ['filterDelete', '{ id: $id, expectedRevision: 1 }'],
      ['filterRollback', '{ id: $id, expectedRevision: 2, revision: 1 }'],
      ['filterDuplicate', '{ id: $id, name: "Mine now" }'],
      ['filterRestore', '{ id: $id }'],
      ['filterEnable', '{ id: $id }'],
      ['filterDisable', '{ id: $id }'],
    ]) {
      const data = await tell(bob, `mutation ($id: ID!) { ${mutation}(input: ${input}) { __typename } }`, { id });
      expect(data[mutation!]).toEqual({ __typename: 'NotFoundError' });
    }
    const { scanRequest } = await tell(bob, SCAN, { input: { symbols: ['AAA'], filterIds: [id] } });
    expect(scanRequest).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('expected the id of a filter') });
  });

  it('has a name that others may use as well, as somebody else may the same idempotency key', async () => {
    const mine = await make(ann, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' });
    const theirs = await make(bob, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' });
    expect(theirs).not.toBe(mine);
    expect(await make(ann, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' })).toBe(mine);
    const namesake = await aBearerToken({ subject: 'ann one', roles: ['TRADER'] });
    await make(ann, 'Not for the namesake', { visibility: 'PRIVATE', idempotencyKey: 'one two' });
    expect(await tell(namesake, CREATE, { input: { name: 'Of the namesake', criteria: {}, idempotencyKey: 'two' } })).toMatchObject({
      filterCreate: { filter: { owner: 'ann one' } },
    });
    const again = await tell(ann, CREATE, { input: { name: 'SAME NAME', criteria: {}, visibility: 'PRIVATE' } });
    expect(again.filterCreate).toMatchObject({ __typename: 'ConflictError' });
    // Shared ones are told apart by everybody.
    await make(ann, 'same name');
    expect((await change(bob, theirs, { visibility: 'SHARED' })).__typename).toBe('ConflictError');
  });

  it('that is deleted stays hidden, and so does what it found, also after a restart', async () => {
    const id = await make(ann, 'Deleted secret', { visibility: 'PRIVATE' });
    await scan(ann, ['BBB'], [id]);
    await tell(ann, DELETE, { input: { id, expectedRevision: 1 } });
    expect(await pagesOf(bob)).not.toContain(id);
    const other = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
    try {
      const { data } = await askAs(other, bob, '{ scanResults(first: 200) { edges { node { filter { id } } } } }');
      expect(JSON.stringify(data)).not.toContain(id);
    } finally {
      await other.stop();
    }
  });
});

describe('who may change a filter', () => {
  it('is its owner and administrators; others are told so', async () => {
    const id = await make(ann, 'Shared of Ann');
    expect(await change(bob, id, { enabled: false })).toMatchObject({
      __typename: 'ForbiddenError',
      message: 'expected a filter of bob, got one of ann',
    });
    const ask = 'query ($id: ID!) { filter(id: $id) { owner visibility canEdit } }';
    const expected = { owner: 'ann', visibility: 'SHARED' };
    for (const [shown, canEdit] of [
      [ann, true],
      [bob, false],
      [admin, true],
    ] as const) {
      expect((await tell(shown, ask, { id })).filter).toEqual({ ...expected, canEdit });
    }
    expect(await change(admin, id, { enabled: false })).toMatchObject({ __typename: 'FilterUpdatePayload' });
    expect(await change(ann, id, { enabled: true })).toMatchObject({ __typename: 'FilterUpdatePayload' });
    const mine = await tell(ann, '{ filters(mine: true, first: 100) { edges { node { owner } } } }');
    const secrets = '{ filters(visibility: PRIVATE, first: 100) { edges { node { owner visibility } } } }';
    for (const [shown, owners] of [
      [ann, ['ann']],
      [bob, ['bob']],
      [admin, ['ann', 'bob']],
    ] as const) {
      const { edges } = (await tell(shown, secrets)).filters;
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      expect(edges.every(({ node }: any) => node.visibility === 'PRIVATE')).toBe(true);
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      expect([...new Set(edges.map(({ node }: any) => node.owner))]).toEqual(owners);
    }
    // biome-ignore lint/suspicious/noExplicitAny: an edge
    expect(new Set(mine.filters.edges.map(({ node }: any) => node.owner))).toEqual(new Set(['ann']));
  });

  it('is administrators alone where it is a preset, which nobody can make private', async () => {
    const { filters } = await tell(ann, '{ filters(kind: PRESET, first: 1) { edges { node { id owner visibility canEdit preset } } } }');
    const { id, ...preset } = filters.edges[0].node;
    expect(preset).toEqual({ owner: null, visibility: 'SHARED', canEdit: false, preset: 'CONSERVATIVE' });
    expect(await change(ann, id, { enabled: false })).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await change(admin, id, { visibility: 'PRIVATE' })).toMatchObject({ __typename: 'ValidationError' });
    expect(await change(admin, id, { enabled: false })).toMatchObject({ __typename: 'FilterUpdatePayload' });
  });

  it('is written down with every change, and no change is made without', async () => {
    const id = await make(ann, 'Audited', { reason: ' because ' });
    await change(admin, id, { enabled: false, reason: 'too noisy' });
    await tell(ann, DELETE, { input: { id, expectedRevision: 2 } });
    await tell(ann, 'mutation ($id: ID!) { filterRestore(input: { id: $id }) { __typename } }', { id });
    const { auditEntries } = await tell(
      admin,
      '{ auditEntries(filter: { objectKinds: [FILTER] }, first: 4) { edges { node { action objectName fromRevision toRevision reason actor { subject } } } } }',
    );
    expect(
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      auditEntries.edges.map(({ node }: any) => [node.action, node.fromRevision, node.toRevision, node.reason, node.actor.subject]),
    ).toEqual([
      ['FILTER_RESTORED', 3, 4, null, 'ann'],
      ['FILTER_DELETED', 2, null, null, 'ann'],
      ['FILTER_UPDATED', 1, 2, 'too noisy', 'admin-1'],
      ['FILTER_CREATED', null, 1, 'because', 'ann'],
    ]);
    await sql.unsafe(`create function no_audit() returns trigger language plpgsql as $$ begin raise 'no audit'; end $$;
      create trigger no_audit before insert on audit_entries for each row execute function no_audit()`);
    try {
      const { errors } = await askAs(app, ann, CREATE, { input: { name: 'Unaudited', criteria: {} } });
      expect(errors).toHaveLength(1);
    } finally {
      await sql.unsafe('drop trigger no_audit on audit_entries; drop function no_audit()');
    }
    expect(await pagesOf(admin)).not.toContain('Unaudited');
  });
});
