import {
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import type { GraphQLContext } from './context.ts';

/** Rows times the fields asked of each, fields of their fields included: up to this many are answered in one go, which takes a few milliseconds. */
const FIELDS_AT_ONCE = 4_000;
/** Shorter lists, which are most of them, are not worth counting. */
const FEWEST_CUT = 25;

/**
 * Makes the executor complete the objects of long lists in turns of the event loop: by itself it asks every field of every row before anybody else has a turn. The answers stay the
 * same; what is told soon is left alone.
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
    return rows instanceof Promise ? rows.then((known) => cut(known, context, info)) : cut(rows, context, info);
  };
}

function cut(rows: unknown, context: GraphQLContext, info: GraphQLResolveInfo): unknown {
  if (!Array.isArray(rows) || rows.length < FEWEST_CUT || rows.length * fieldsAsked(info) <= FIELDS_AT_ONCE) return rows;
  context.hasLongList = true;
  return inTurns(rows, context.services.slicer);
}

/** Of a row. A fragment counts once, as the executor asks what it holds once: fragments that spread others twice would take longer to count than to answer. */
function fieldsAsked({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const spread = new Set<string>();
  const countIn = (selections: SelectionSetNode | undefined): number => {
    let count = 0;
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) count += 1 + countIn(selection.selectionSet);
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += countIn(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        count += countIn(fragments[selection.name.value]?.selectionSet);
      }
    }
    return count;
  };
  return fieldNodes.reduce((count, { selectionSet }) => count + countIn(selectionSet), 0);
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
