import {
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import type { GraphQLContext } from './context.ts';

/** Lists up to this long are answered in one go, which takes a few milliseconds of whole results. */
const ROWS_AT_ONCE = 100;

/**
 * Makes the executor complete the objects of long lists in turns of the event loop: by itself it asks every field of every row before anybody else has a turn. The answers stay the
 * same; shorter lists are left alone.
 */
export function withListsInTurns(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isListOfObjects = isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));
      if (isListOfObjects && field.resolve) field.resolve = inTurnsWhenLong(field.resolve as GraphQLFieldResolver<unknown, GraphQLContext>);
    }
  }
  return schema;
}

function inTurnsWhenLong(resolve: GraphQLFieldResolver<unknown, GraphQLContext>): GraphQLFieldResolver<unknown, GraphQLContext> {
  return (source, given, context, info) => {
    const rows = resolve(source, given, context, info);
    return rows instanceof Promise ? rows.then((known) => cut(known, context)) : cut(rows, context);
  };
}

function cut(rows: unknown, context: GraphQLContext): unknown {
  if (!Array.isArray(rows) || rows.length <= ROWS_AT_ONCE) return rows;
  context.hasLongList = true;
  return inTurns(rows, context.services.slicer);
}

/** Promises of the rows, kept one after the other as long as the turn lasts. */
function inTurns<Row>(rows: readonly Row[], slicer: EventLoopSlicer): Promise<Row>[] {
  const keep: (() => void)[] = [];
  const promises = rows.map((row) => new Promise<Row>((resolve) => keep.push(() => resolve(row))));
  void keepInTurns(keep, slicer);
  return promises;
}

async function keepInTurns(keep: readonly (() => void)[], slicer: EventLoopSlicer): Promise<void> {
  await slicer.turn();
  for (const next of keep) {
    if (slicer.isExhausted()) await slicer.turn();
    next();
    // The executor completes the row before this goes on.
    await Promise.resolve();
  }
}
