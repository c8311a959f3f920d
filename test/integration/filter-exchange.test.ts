import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, env: { FILTERS_MAXIMUM_ENABLED: '12' } });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

const IMPORT = `mutation ($input: FilterImportInput!) { filterImport(input: $input) { __typename
  ... on FilterImportPayload { applied filters { outcome name newName message filter { id revision enabled criteria { delta { min } } limits { cooldownSeconds } } } }
  ... on Error { message } ... on ValidationError { issues { path message } } ... on LimitExceededError { limit allowed requested } } }`;

const aDocument = (filters: unknown) => ({ format: 'strikewire/filters', version: 1, filters });

const aFilter = (name: string, members: Record<string, unknown> = {}) => ({
  name,
  criteria: { delta: { min: 0.1 } },
  enabled: false,
  ...members,
});

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function take(input: Record<string, unknown>): Promise<any> {
  const { data, errors } = await app.ask(IMPORT, { input });
  expect(errors).toBeUndefined();
  return data.filterImport;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
async function exported(ids?: readonly string[]): Promise<any> {
  const { data, errors } = await app.ask('query ($ids: [ID!]) { filterExport(ids: $ids) }', { ids });
  expect(errors).toBeUndefined();
  return data.filterExport;
}

async function names(): Promise<string[]> {
  return (await exported()).filters.map(({ name }: { name: string }) => name);
}

async function conforms(document: unknown): Promise<boolean> {
  const response = await fetch(`${app.origin}/schemas/filters-1.json`);
  expect(response.headers.get('content-type')).toContain('json');
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile((await response.json()) as object);
  return validate(document);
}

let count = 0;
let name: string;
beforeEach(() => {
  name = `Filter ${++count}`;
});

describe('filterExport', () => {
  it('gives what filterImport takes, and the schema describes', async () => {
    const criteria = {
      symbols: { in: ['SPX'] },
      strategies: { notIn: ['LONG_CALL'] },
      expiration: { min: '2026-12-01' },
      delta: { min: 0.1, max: 0.4 },
      any: [{ ivRank: { min: 50 } }, { ivRank: { isNull: true }, none: [{ volume: { max: 5 } }] }],
    };
    const entry = { name, description: 'For trying.', criteria, limits: { cooldownSeconds: 60 }, enabled: false, visibility: 'PRIVATE' };
    const { filters } = await take({ document: aDocument([entry]) });
    expect(filters).toMatchObject([{ outcome: 'CREATED', newName: name, filter: { revision: 1, limits: { cooldownSeconds: 60 } } }]);
    expect(await exported([filters[0].filter.id])).toEqual(aDocument([entry]));
    const everything = await exported();
    expect(everything.filters.length).toBeGreaterThan(5);
    expect(everything.filters).toContainEqual(entry);
    expect(await conforms(everything)).toBe(true);
    // Taking back what is there already changes nothing, presets included.
    const again = await take({ document: everything, onConflict: 'REPLACE' });
    expect(new Set(again.filters.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(['SKIPPED']));
  });

  it('knows only filters that are there', async () => {
    const { errors } = await app.ask('query ($ids: [ID!]) { filterExport(ids: $ids) }', {
      ids: [btoa('Filter:01900000-0000-7000-8000-000000000001')],
    });
    expect(errors![0]!.extensions!.code).toBe('NOT_FOUND');
  });
});

describe('filterImport', () => {
  it('imports nothing when a name is taken, and says which', async () => {
    await take({ document: aDocument([aFilter(name)]) });
    const result = await take({ document: aDocument([aFilter(`${name} new`), aFilter(name.toUpperCase())]) });
    expect(result).toMatchObject({
      applied: false,
      filters: [
        { outcome: 'CREATED', filter: null },
        { outcome: 'CONFLICT', message: 'expected a name that is free', filter: { revision: 1 } },
      ],
    });
    expect(await names()).not.toContain(`${name} new`);
  });

  it.each([
    ['SKIP', 'SKIPPED', '', 1, 0.1],
    ['REPLACE', 'REPLACED', '', 2, 0.2],
    ['RENAME', 'RENAMED', ' (2)', 1, 0.2],
  ])('does as told where a name is taken: %s', async (onConflict, outcome, suffix, revision, min) => {
    await take({ document: aDocument([aFilter(name)]) });
    const document = aDocument([aFilter(name, { criteria: { delta: { min: 0.2 } } }), aFilter(`${name} new`)]);
    const tried = await take({ document, onConflict, dryRun: true });
    expect(tried).toMatchObject({
      applied: false,
      filters: [
        { outcome, newName: name + suffix },
        { outcome: 'CREATED', filter: null },
      ],
    });
    expect(await names()).not.toContain(`${name} new`);
    const result = await take({ document, onConflict });
    expect(result).toMatchObject({
      applied: true,
      filters: [
        { outcome, newName: name + suffix, filter: { revision, criteria: { delta: { min } } } },
        { outcome: 'CREATED', filter: { revision: 1 } },
      ],
    });
    expect(await names()).toContain(`${name} new`);
  });

  it('finds a free name also among those of the document', async () => {
    await take({ document: aDocument([aFilter(name), aFilter(`${name} (2)`)]) });
    const { filters } = await take({ document: aDocument([aFilter(name), aFilter(`${name} (3)`)]), onConflict: 'RENAME' });
    expect(filters.map(({ newName }: { newName: string }) => newName)).toEqual([`${name} (4)`, `${name} (3)`]);
  });

  it('tells everything that is wrong, with its path, and imports nothing', async () => {
    const document = aDocument([
      aFilter(name),
      aFilter('', {
        criteria: { dleta: {}, delta: { min: 2, max: 1 }, any: [{ strategies: { in: ['LONG_CAL'] } }] },
        limits: { minimumScore: 101 },
      }),
      aFilter(name, { visibility: 'NOBODY', enabled: 'yes', colour: 'red' }),
      aFilter(name),
      7,
    ]);
    const { __typename, issues } = await take({ document });
    expect(__typename).toBe('ValidationError');
    expect(issues.map(({ path }: { path: string }) => path)).toEqual([
      'document.filters.1.name',
      'document.filters.1.criteria.dleta',
      'document.filters.1.criteria.delta',
      'document.filters.1.criteria.any.0.strategies.in.0',
      'document.filters.1.limits.minimumScore',
      'document.filters.2.colour',
      'document.filters.2.enabled',
      'document.filters.2.visibility',
      'document.filters.3.name',
      'document.filters.4',
    ]);
    expect(JSON.stringify(issues)).toContain('delta');
    expect(await names()).not.toContain(name);
    expect(await conforms(document)).toBe(false);
  });

  it.each([
    [{ format: 'other', version: 2, filters: [] }, ['document.format', 'document.version', 'document.filters']],
    [[], ['document']],
    [{ ...aDocument([aFilter('A')]), more: 1 }, ['document.more']],
  ])('refuses %j', async (document, paths) => {
    const { issues } = await take({ document });
    expect(issues.map(({ path }: { path: string }) => path).toSorted()).toEqual(paths.toSorted());
    expect(await conforms(document)).toBe(false);
  });

  it('imports nothing when that would enable too many', async () => {
    const document = aDocument(Array.from({ length: 8 }, (_, i) => aFilter(`${name} ${i}`, { enabled: true })));
    expect(await take({ document })).toMatchObject({
      __typename: 'LimitExceededError',
      limit: 'enabledFilters',
      allowed: 12,
      requested: 13,
    });
    expect((await names()).filter((known) => known.startsWith(`${name} `))).toEqual([]);
  });
});
