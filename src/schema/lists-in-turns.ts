import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import type { GraphQLContext, WrittenList } from './context.ts';
import { fieldsAsked } from './fields-asked.ts';
import { createRowWriters, type RowWriter, type RowWriters } from './row-writer.ts';

/** Rows times the fields asked of each, fields of their fields included: up to this many are answered in one go, which takes a few milliseconds. */
const FIELDS_AT_ONCE = 1_000;
/** Shorter lists, which are most of them, are not worth counting. */
const FEWEST_CUT = 25;
/** Shorter ones are not worth a writer. */
const FEWEST_WRITTEN = 5;
/** Of a list in a row that the executor completes: each is put into its place in the text, which takes longer than short ones are worth. */
const FEWEST_WRITTEN_WITHIN = 50;
/** Rows that are written before the clock is looked at: well below a millisecond, but for what has never run. */
const ROWS_BETWEEN_LOOKS = 5;

/** Of the text of a list, in their order. */
type Pieces = WrittenList['pieces'];
type Resolve = GraphQLFieldResolver<unknown, GraphQLContext>;

/**
 * Has lists of objects written as text where the transport takes that (see `GraphQLContext.writtenLists`), and makes the executor complete the others in turns of the event loop when they
 * are long: by itself it asks every field of every row before anybody else has a turn. The answers stay the same; what is told soon is left alone.
 */
export function withListsInTurns(schema: GraphQLSchema): GraphQLSchema {
  const originals = new Map<GraphQLField<unknown, GraphQLContext>, Resolve>();
  const rowWriters = createRowWriters({ resolverOf: (field) => originals.get(field) ?? field.resolve });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const list = getNullableType(field.type);
      if (!isListType(list) || !isCompositeType(getNullableType(list.ofType)) || !field.resolve) continue;
      const resolve = field.resolve as Resolve;
      originals.set(field, resolve);
      field.resolve = answered(resolve, (rows, context, info) => writtenOrCut(rows, list.ofType, rowWriters, context, info));
    }
  }
  return schema;
}

function answered(resolve: Resolve, answer: (rows: unknown, context: GraphQLContext, info: GraphQLResolveInfo) => unknown): Resolve {
  return (source, given, context, info) => {
    const rows = resolve(source, given, context, info);
    return rows instanceof Promise ? rows.then((known) => answer(known, context, info)) : answer(rows, context, info);
  };
}

function writtenOrCut(
  rows: unknown,
  type: GraphQLOutputType,
  rowWriters: RowWriters,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): unknown {
  if (!Array.isArray(rows)) return rows;
  const { writtenLists } = context;
  const fields = rows.length < FEWEST_CUT ? 0 : rows.length * fieldsAsked(info);
  const cutWhenLong = () => (fields > FIELDS_AT_ONCE ? cut(rows, context) : rows);
  if (!writtenLists || rows.length < (isWithinList(info.path) ? FEWEST_WRITTEN_WITHIN : FEWEST_WRITTEN)) return cutWhenLong();
  const writer = rowWriters(type, context, info);
  const put = (pieces: Pieces | null): unknown => {
    if (pieces === null) return cutWhenLong();
    writtenLists.push({ path: responsePathAsArray(info.path), pieces });
    return [];
  };
  const pieces = writeRows(rows, writer, context);
  return pieces instanceof Promise ? pieces.then(put) : put(pieces);
}

function isWithinList(path: GraphQLResolveInfo['path']): boolean {
  return typeof path.key === 'number' || (path.prev !== undefined && isWithinList(path.prev));
}

/** The text of the list: at once, in one piece, as long as there is time, then in turns of the event loop. Null: the executor must complete it. */
function writeRows(rows: readonly unknown[], writer: RowWriter, context: GraphQLContext): Pieces | null | Promise<Pieces | null> {
  const { slicer } = context.services;
  const texts: string[] = [];
  for (let index = 0; index < rows.length; index++) {
    if (index % ROWS_BETWEEN_LOOKS === 0 && rows.length > ROWS_BETWEEN_LOOKS && !slicer.hasTime())
      return writeRestInTurns(rows, texts, writer, context);
    const text = writer.write(rows[index]);
    if (text === null) return null;
    texts.push(text);
  }
  const pieces = [`[${texts.join(',')}]`];
  return writer.isOpen() ? writer.filled(pieces) : pieces;
}

/**
 * Its pieces never become one text: that of a long list has megabytes, and making one of so many (17 ms were seen) holds up the event loop.
 * @param first texts of the first rows
 */
async function writeRestInTurns(
  rows: readonly unknown[],
  first: readonly string[],
  writer: RowWriter,
  { loaders, services: { slicer } }: GraphQLContext,
): Promise<Pieces | null> {
  const pieces = [`[${first.join(',')}`];
  let from = first.length;
  // One statement for the rows of all turns.
  const letGo = loaders.hold();
  try {
    await slicer.turn();
    while (from < rows.length) {
      if (slicer.isExhausted()) await slicer.turn();
      const some: string[] = [];
      for (const row of rows.slice(from, from + ROWS_BETWEEN_LOOKS)) {
        const text = writer.write(row);
        if (text === null) return null;
        some.push(text);
      }
      pieces.push(`${from === 0 ? '' : ','}${some.join(',')}`);
      from += ROWS_BETWEEN_LOOKS;
    }
  } finally {
    letGo();
  }
  pieces.push(']');
  return writer.filled(pieces);
}

function cut(rows: readonly unknown[], context: GraphQLContext): unknown {
  context.hasLongList = true;
  return inTurns(rows, context);
}

/** Promises of the rows, kept one after the other as long as the turn lasts. */
function inTurns<Row>(rows: readonly Row[], context: GraphQLContext): Promise<Row>[] {
  const keep: (() => void)[] = [];
  const promises = rows.map((row) => new Promise<Row>((resolve) => keep.push(() => resolve(row))));
  void keepInTurns(keep, context);
  return promises;
}

async function keepInTurns(keep: readonly (() => void)[], { loaders, services: { slicer } }: GraphQLContext): Promise<void> {
  const letGo = loaders.hold();
  await slicer.turn();
  for (const next of keep) {
    if (slicer.isExhausted()) await slicer.turn();
    next();
    // The executor completes the row before this goes on.
    await Promise.resolve();
  }
  letGo();
}
