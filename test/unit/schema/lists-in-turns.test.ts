import { buildSchema, execute, type GraphQLObjectType, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type LoaderSources, Loaders } from '../../../src/loaders/loaders.ts';
import { withListsInTurns } from '../../../src/schema/lists-in-turns.ts';
import { aCountingSlicer } from '../../support/a-counting-slicer.ts';

interface Row {
  readonly number: number;
  readonly legs: readonly Row[];
}

const DOCUMENT = parse('{ rows { number even legs { number } } later { number } numbers }');

/** A query with lists of as many rows as asked for; an odd `even` fails. */
function aSchema(count: number): GraphQLSchema {
  const schema = buildSchema(`
    type Row { number: Int! even: Int legs: [Row!]! }
    type Query { rows: [Row!]! later: [Row!] numbers: [Int!]! }`);
  const { rows, later, numbers } = schema.getQueryType()!.getFields();
  const list: Row[] = Array.from({ length: count }, (_row, number) => ({ number, legs: [{ number: -number, legs: [] }] }));
  rows!.resolve = () => list;
  later!.resolve = async () => list;
  numbers!.resolve = () => list.map(({ number }) => number);
  const fields = (schema.getType('Row') as GraphQLObjectType).getFields();
  fields.even!.resolve = ({ number }: Row) => {
    if (number % 200 === 150) throw new Error(`${number} is odd`);
    return number;
  };
  fields.legs!.resolve = ({ legs }: Row) => legs;
  return schema;
}

function aContext() {
  const { taken, slicer } = aCountingSlicer(8);
  const loaders = new Loaders({} as LoaderSources);
  return { taken, contextValue: { loaders, services: { slicer }, hasLongList: undefined } };
}

async function answers(count: number) {
  const plain = await execute({ schema: aSchema(count), document: DOCUMENT, contextValue: {} });
  const { taken, contextValue } = aContext();
  const schema = withListsInTurns(aSchema(count));
  const result = await execute({ schema, document: DOCUMENT, contextValue });
  return { plain: JSON.stringify(plain), cut: JSON.stringify(result), turns: taken.turns, isMarked: contextValue.hasLongList };
}

describe('lists in turns', () => {
  it('are answered in one go up to 1,000 fields', async () => {
    // Four fields of each row of one list, one of each of the other.
    expect(await answers(250)).toMatchObject({ turns: 0, isMarked: undefined });
    expect(await answers(251)).toMatchObject({ isMarked: true });
  });

  it('are cut when they are longer, with the same answer and the same errors', async () => {
    const { plain, cut, turns } = await answers(2_000);
    expect(cut).toBe(plain);
    expect(JSON.parse(cut).errors).toHaveLength(10);
    // A turn is used up after eight looks at the clock, and each row has one.
    expect(turns).toBeGreaterThan(200);
  });

  it('are counted by what is asked of a row, fragments included', async () => {
    const isCut = async (document: string) => {
      const { contextValue } = aContext();
      await execute({ schema: withListsInTurns(aSchema(150)), document: parse(document), contextValue });
      return contextValue.hasLongList ?? false;
    };
    const fields = (names: string) =>
      names
        .split('')
        .map((name) => `${name}: number`)
        .join(' ');
    expect(await isCut(`{ later { ${fields('abcdef')} } }`)).toBe(false);
    expect(await isCut(`{ later { ${fields('abcdefg')} } }`)).toBe(true);
    expect(
      await isCut(
        `{ later { ...F ... on Row { g: number } } } fragment F on Row { ${fields('abc')} ...G } fragment G on Row { ${fields('def')} }`,
      ),
    ).toBe(true);
    // What is spread twice is asked once.
    expect(await isCut(`{ later { ...F ...F } } fragment F on Row { ${fields('abcd')} }`)).toBe(false);
  });

  it('let others have their turn in between', async () => {
    const { contextValue } = aContext();
    const schema = withListsInTurns(aSchema(1_500));
    let isAnswered = false;
    let turnsOfOthers = 0;
    const answered = Promise.resolve(execute({ schema, document: DOCUMENT, contextValue })).then(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      turnsOfOthers++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await answered;
    expect(turnsOfOthers).toBeGreaterThan(50);
  });

  it('become null as a whole where a row of them must not be', async () => {
    const schema = withListsInTurns(aSchema(4_500));
    const fields = (schema.getType('Row') as GraphQLObjectType).getFields();
    fields.number!.resolve = ({ number }: Row) => (number === 300 ? null : number);
    const { contextValue } = aContext();
    const result = await execute({ schema, document: parse('{ later { number } numbers }'), contextValue });
    expect(result.data).toMatchObject({ later: null });
    expect(result.errors?.map(({ path }) => path)).toEqual([['later', 300, 'number']]);
  });
});
