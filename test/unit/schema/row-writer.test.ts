import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type LoaderSources, Loaders } from '../../../src/loaders/loaders.ts';
import type { WrittenList } from '../../../src/schema/context.ts';
import { withListsInTurns } from '../../../src/schema/lists-in-turns.ts';
import { answerPieces } from '../../../src/server/answer-pieces.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';

const TYPES = `
  scalar Moment
  enum Side { BUY SELL }
  interface Leg { symbol: String! size: Int! }
  type OptionLeg implements Leg { symbol: String! size: Int! strike: Float! }
  type StockLeg implements Leg { symbol: String! size: Int! }
  type Row {
    id: ID! name: String score: Float at: Moment! side: Side! open: Boolean numbers: [Float!]! maybe: [Int]
    legs: [Leg!]! parent: Row filled(with: String = "nothing", times: Int): String
    sometimes: Int! broken: Float! later: Int gone: String
    soon: Int! soonParent: Row soonLegs: [Leg!]! soonNumbers: [Int]
  }
  type Page { rows: [Row!] maybeRows: [Row]! count: Int! }
  type Query { page: Page! rows: [Row!] legs: [Leg!]! }`;

const KNOWN = buildSchema(TYPES);

interface ARow {
  readonly id: string;
  readonly name: string | null;
  readonly score: number | null;
  readonly at: Date;
  readonly side: number;
  readonly open: boolean | null;
  readonly numbers: readonly number[];
  readonly maybe: readonly (number | null)[] | null;
  readonly legs: readonly { readonly symbol: string; readonly size: number; readonly strike?: number }[];
  readonly parent: ARow | null;
  readonly gone?: undefined;
}

/** A schema over these rows. `sometimes` is missing in rows whose score is below 0, `broken` fails there, `later` fails as a promise there; the others of `soon…` are always promises. */
function aSchema(rows: readonly (ARow | null)[]): GraphQLSchema {
  const schema = buildSchema(TYPES);
  (schema.getType('Moment') as GraphQLScalarType).serialize = (value) => value as Date;
  for (const [value, { name }] of (schema.getType('Side') as GraphQLEnumType).getValues().entries()) {
    const known = (schema.getType('Side') as GraphQLEnumType).getValue(name)!;
    known.value = value;
  }
  const leg = schema.getType('Leg') as unknown as { resolveType: unknown };
  leg.resolveType = (one: ARow['legs'][number]) => (one.strike === undefined ? 'StockLeg' : 'OptionLeg');
  const row = (schema.getType('Row') as GraphQLObjectType).getFields();
  const isBad = ({ score }: ARow) => score !== null && score < 0;
  row.side!.resolve = ({ side }: ARow) => side;
  row.legs!.resolve = ({ legs }: ARow) => [...legs];
  row.filled!.resolve = (_row: ARow, given: { with: string; times?: number }) => given.with.repeat(given.times ?? 1);
  row.sometimes!.resolve = (one: ARow) => (isBad(one) ? null : 1);
  row.broken!.resolve = (one: ARow) => {
    if (isBad(one)) throw new Error('a broken one');
    return 1;
  };
  row.later!.resolve = (one: ARow) => (isBad(one) ? Promise.reject(new Error('too late')) : 2);
  row.soon!.resolve = async (one: ARow) => (isBad(one) ? null : one.legs.length);
  row.soonParent!.resolve = async (one: ARow) => one.parent;
  row.soonLegs!.resolve = async (one: ARow) => [...one.legs];
  // Never without a promise: where one row fails at once and another later, the executors leave a rejection that nobody handles.
  row.soonNumbers!.resolve = (one: ARow) => [Promise.resolve(one.side), ...(one.maybe ?? [])];
  const page = (schema.getType('Page') as GraphQLObjectType).getFields();
  page.rows!.resolve = () => rows.filter((one) => one !== null);
  page.maybeRows!.resolve = async () => rows;
  page.count!.resolve = () => rows.length;
  const query = schema.getQueryType()!.getFields();
  query.page!.resolve = () => ({});
  query.rows!.resolve = async () => rows.filter((one) => one !== null);
  query.legs!.resolve = () => rows.flatMap((one) => one?.legs ?? []);
  return schema;
}

/** @param stepMs how long each look at the clock takes */
async function answers(rows: readonly (ARow | null)[], text: string, variableValues: Record<string, unknown> = {}, stepMs = 0) {
  const document = parse(text);
  expect(validate(KNOWN, document)).toEqual([]);
  const plain = await execute({ schema: aSchema(rows), document, variableValues, contextValue: {} });
  const writtenLists: WrittenList[] = [];
  let nowMs = 0;
  const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => (nowMs += stepMs) });
  const schema = withListsInTurns(aSchema(rows));
  const contextValue = { loaders: new Loaders({} as LoaderSources), services: { slicer }, writtenLists };
  const result = await execute({ schema, document, variableValues, contextValue });
  const written = writtenLists.length;
  const data = [...answerPieces(result.data, writtenLists)].join('');
  return {
    plain: JSON.stringify(plain),
    answer: `{${result.errors ? `"errors":${JSON.stringify(result.errors)},` : ''}"data":${data}}`,
    /** As somebody sees it who does not know that lists are text. */
    asObjects: JSON.stringify(result),
    written,
  };
}

const leg = fc.record(
  {
    symbol: fc.string({ unit: 'binary' }),
    size: fc.integer({ min: -9, max: 9 }),
    strike: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  { requiredKeys: ['symbol', 'size'] },
);
const { row } = fc.letrec<{ row: ARow }>((tie) => ({
  row: fc.record({
    id: fc.uuid(),
    name: fc.option(fc.string({ unit: 'binary' })),
    score: fc.oneof({ weight: 8, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(null) }),
    at: fc.date({ noInvalidDate: true }),
    side: fc.constantFrom(0, 1),
    open: fc.option(fc.boolean()),
    numbers: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 3 }),
    maybe: fc.option(fc.array(fc.option(fc.integer({ min: -5, max: 5 })), { maxLength: 3 })),
    legs: fc.array(leg, { maxLength: 7 }),
    parent: fc.option(tie('row'), { maxDepth: 1 }),
  }),
}));
const badRow = row.map((one) => ({ ...one, score: -1 }));
const someRows = (bad: number) =>
  fc.array(fc.oneof({ weight: 30, arbitrary: row }, { weight: bad, arbitrary: badRow }, { weight: bad, arbitrary: fc.constant(null) }), {
    minLength: 4,
    maxLength: 30,
  });

const FIELDS = [
  'id',
  'name',
  'score',
  'at',
  'side',
  'open',
  'numbers',
  'maybe',
  'gone',
  '__typename',
  'other: name',
  'legs { symbol }',
  'legs { __typename size ... on OptionLeg { strike } ... on StockLeg { size } }',
  'parent { id legs { size } parent { name } }',
  'filled',
  'filled2: filled(with: "\\"x\\"", times: 2)',
  'filled3: filled(times: $times)',
  'name @skip(if: $yes)',
  'score @include(if: $no)',
  '...F',
  '... @include(if: $yes) { id at }',
  'sometimes',
  'broken',
  'later',
  'soonParent { id name soonParent { soonNumbers parent { soon } } }',
  'soonLegs { __typename size ... on OptionLeg { strike } }',
  'soonNumbers',
  'named: soonParent { name }',
];
const selection = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 9 }),
    fc.constantFrom('', '', 'sometimes', 'broken', 'later', 'soon'),
  )
  .map(([fields, failing]) => `${fields.join(' ')} ${failing}`);
const where = fc.constantFrom(
  (fields: string) => `page { rows { ${fields} } count }`,
  (fields: string) => `page { count maybeRows { ${fields} } } legs { symbol ... on OptionLeg { strike } }`,
  (fields: string) => `rows { ${fields} } again: rows { id }`,
  (fields: string) => `rows { ${fields} } rows { id legs { size } }`,
);

/** Every fragment and variable must be used. */
const documentOf = (asked: string) =>
  `query ($yes: Boolean = true, $no: Boolean = false, $times: Int) { ${asked} used: page { rows { ...F filled(times: $times) @skip(if: $yes) open @include(if: $no) } } }
   fragment F on Row { name at legs { symbol } }`;

describe('lists written as text', () => {
  it('are what the executor and JSON.stringify make of them, errors included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(someRows(0), someRows(3)),
        selection,
        where,
        fc.option(fc.integer({ min: 0, max: 3 })),
        fc.constantFrom(0, 3, 10),
        async (rows, fields, place, times, stepMs) => {
          const { plain, answer, asObjects } = await answers(rows, documentOf(place(fields)), times === null ? {} : { times }, stepMs);
          expect(answer).toBe(plain);
          expect(JSON.parse(asObjects)).toEqual(JSON.parse(plain));
        },
      ),
      { numRuns: 100 },
    );
  });

  const plainRow: ARow = fc.sample(row, { numRuns: 1, seed: 7 })[0]!;
  const rowsOf = (count: number, over: Partial<ARow> = {}): ARow[] =>
    Array.from({ length: count }, (_row, index) => ({ ...plainRow, id: `${index}`, score: index, legs: [], ...over }));

  it('are so from five rows on, what is told later included', async () => {
    const all = '{ page { rows { id name at side numbers legs { symbol } parent { id } } } }';
    expect((await answers(rowsOf(5), all)).written).toBe(1);
    expect((await answers(rowsOf(4), all)).written).toBe(0);
    expect((await answers(rowsOf(5), '{ rows { later } }')).written).toBe(1);
    expect((await answers(rowsOf(5, { parent: plainRow }), '{ rows { soonParent { soon soonParent { id } } } }')).written).toBe(1);
    expect((await answers(rowsOf(5, { score: -1 }), '{ rows { later } }')).written).toBe(0);
    expect((await answers(rowsOf(5, { score: -1 }), '{ rows { soon } }')).written).toBe(0);
  });

  it('ask again what is asked by way of variables', async () => {
    const schema = withListsInTurns(aSchema(rowsOf(6)));
    const document = parse('query ($yes: Boolean!) { rows { id score @include(if: $yes) } }');
    const ask = async (yes: boolean) => {
      const writtenLists: WrittenList[] = [];
      const result = await execute({
        schema,
        document,
        variableValues: { yes },
        contextValue: { services: { slicer: createEventLoopSlicer({ budgetMs: 8, now: () => 0 }) }, writtenLists },
      });
      expect(writtenLists).toHaveLength(1);
      return JSON.parse([...answerPieces(result.data, writtenLists)].join('')).rows[0];
    };
    expect(await ask(true)).toEqual({ id: '0', score: 0 });
    expect(await ask(false)).toEqual({ id: '0' });
    expect(await ask(true)).toEqual({ id: '0', score: 0 });
  });

  it('are written in turns of the event loop when they take long', async () => {
    const long = rowsOf(4_000, { parent: plainRow });
    let isAnswered = false;
    let turnsOfOthers = 0;
    const answered = answers(long, '{ rows { id name score soonParent { soon id } } }', {}, 1).finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      turnsOfOthers++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { plain, answer, written } = await answered;
    // Five rows between two looks at the clock, of which a turn has eight.
    expect(turnsOfOthers).toBeGreaterThan(4_000 / 5 / 8);
    expect(written).toBe(1);
    expect(answer).toBe(plain);
    const spoilt = [...long.slice(0, 3_000), { ...plainRow, score: -1 }, ...long.slice(3_000)];
    const failing = await answers(spoilt, '{ rows { id name sometimes } }', {}, 1);
    expect(failing.written).toBe(0);
    expect(failing.answer).toBe(failing.plain);
    expect(JSON.parse(failing.plain).errors).toMatchObject([{ path: ['rows', 3_000, 'sometimes'] }]);
  });

  it('leave long lists below them to the executor', async () => {
    const legs = Array.from({ length: 60 }, (_leg, size) => ({ symbol: 'X', size }));
    const { plain, answer, written } = await answers(rowsOf(6, { legs }), '{ rows { legs { size } } }');
    expect(answer).toBe(plain);
    // One for each row.
    expect(written).toBe(6);
  });
});
