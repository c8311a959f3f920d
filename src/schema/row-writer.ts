import { collectSubFields } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLFloat,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLString,
  getArgumentValues,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { createPace } from '../services/scanner/pace.ts';
import type { GraphQLContext } from './context.ts';
import { isConditional } from './is-conditional.ts';
import { jsonOfLeaf } from './json-of-leaf.ts';

/** A list below a row that is longer is left to the executor, which completes it in turns of the event loop. */
const LONGEST_LIST_WITHIN = 50;

/** Stands in a text where something is told later. Nowhere else: JSON writes it as \\u0000. */
const PLACE = '\0';
/** Values told later that are written before the clock is looked at. */
const VALUES_BETWEEN_LOOKS = 20;

/** The JSON text of a value as the operation asks for it; null: the executor must complete it. */
type Write = (value: unknown, run: Run) => string | null;

/** One list being written. */
interface Run {
  readonly context: GraphQLContext;
  readonly info: GraphQLResolveInfo;
  /** What resolvers are called with besides the row and the context, by the number of their field. */
  readonly calls: (Call | undefined)[];
  /** What is told later, in the order of its places in the text. */
  later: Later[];
}

interface Later {
  readonly value: PromiseLike<unknown>;
  readonly write: Write;
}

interface Call {
  readonly given: Record<string, unknown>;
  readonly info: GraphQLResolveInfo;
}

/** What the writers of one list's rows are made from. */
interface Plan extends Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'> {
  fields: number;
}

/** Writes the rows of one list. */
export interface RowWriter {
  /** The text of one row, with places for what is told later; null: the executor must complete it. */
  write(row: unknown): string | null;
  /** Whether the texts have places that are not filled. */
  isOpen(): boolean;
  /**
   * The texts of all rows, in their order, with their places filled. @returns null: the executor must complete it
   */
  filled(texts: readonly string[]): Promise<readonly string[] | null>;
}

export interface RowWritersDeps {
  /** The resolver of a field as the schema was given it; undefined: none. */
  readonly resolverOf: (field: GraphQLField<unknown, GraphQLContext>) => GraphQLFieldResolver<unknown, GraphQLContext> | undefined;
}

/** @param type of the rows; @param info of the field that gave the list */
export type RowWriters = (type: GraphQLOutputType, context: GraphQLContext, info: GraphQLResolveInfo) => RowWriter;

/**
 * Makes writers of the rows of lists: each row becomes JSON text at once, without the objects in between, in a fraction of the time that the executor needs to complete it and JSON to be
 * made of that. What is told later is put into its place when all rows are written and it is there, so that loaders ask once for all of them. Only what goes well is written. A field that fails,
 * or is null where it must not be, ends it with null, and the executor, which asks for everything anew, says what is wrong: errors are its business alone.
 */
export function createRowWriters({ resolverOf }: RowWritersDeps): RowWriters {
  /** By the type of the rows and the field that asks for them, as long as its document is known. */
  const known = new WeakMap<GraphQLOutputType, WeakMap<FieldNode, Write>>();

  function fieldOf(type: GraphQLObjectType, nodes: FieldNode[], plan: Plan): Write {
    const name = nodes[0]!.name.value;
    if (name === '__typename') return () => `"${type.name}"`;
    const field = type.getFields()[name];
    if (!field) return () => null;
    const number = plan.fields++;
    const write = ofType(field.type, nodes, plan);
    const resolve = resolverOf(field) ?? defaultFieldResolver;
    if (resolve === defaultFieldResolver) {
      return (row, run) => {
        const value = (row as Record<string, unknown>)[name];
        return typeof value === 'function' ? null : write(value, run);
      };
    }
    return (row, run) => {
      run.calls[number] ??= callOf(field, type, nodes, run);
      const { given, info } = run.calls[number];
      return write(resolve(row, given, run.context, info), run);
    };
  }

  function objectOf(type: GraphQLObjectType, nodes: FieldNode[], plan: Plan): Write {
    const names: string[] = [];
    const writes: Write[] = [];
    const { schema, fragments, variableValues } = plan;
    for (const [name, ofName] of collectSubFields(schema, fragments, variableValues, type, nodes).fields) {
      names.push(`${names.length === 0 ? '{' : ','}"${name}":`);
      writes.push(fieldOf(type, ofName, plan));
    }
    return (row, run) => {
      if (type.isTypeOf && type.isTypeOf(row, run.context, run.info) !== true) return null;
      let text = '';
      for (let index = 0; index < writes.length; index++) {
        const value = writes[index]!(row, run);
        if (value === null) return null;
        text += names[index]!;
        text += value;
      }
      return text === '' ? '{}' : `${text}}`;
    };
  }

  function abstractOf(type: GraphQLAbstractType, nodes: FieldNode[], plan: Plan): Write {
    const writes = new Map<string, Write>();
    return (row, run) => {
      const name = type.resolveType?.(row, run.context, run.info, type);
      if (typeof name !== 'string') return null;
      let write = writes.get(name);
      if (!write) {
        const possible = plan.schema.getPossibleTypes(type).find((one) => one.name === name);
        if (!possible) return null;
        write = objectOf(possible, nodes, plan);
        writes.set(name, write);
      }
      return write(row, run);
    };
  }

  function compositeOf(type: GraphQLObjectType | GraphQLAbstractType, nodes: FieldNode[], plan: Plan): Write {
    let write: Write | undefined;
    // What no row has is not looked at: fragments within fragments can ask for more than there is.
    return (row, run) => {
      write ??= isObjectType(type) ? objectOf(type, nodes, plan) : abstractOf(type, nodes, plan);
      return write(row, run);
    };
  }

  function ofType(type: GraphQLOutputType, nodes: FieldNode[], plan: Plan): Write {
    const itself = getNullableType(type);
    if (isListType(itself)) return checked(type, listOf(ofType(itself.ofType, nodes, plan)));
    if (isObjectType(itself) || isAbstractType(itself)) return checked(type, compositeOf(itself, nodes, plan));
    return leafOf(type, itself);
  }

  function writeOf(type: GraphQLOutputType, info: GraphQLResolveInfo): Write {
    const { schema, fragments, variableValues } = info;
    const nodes = [...info.fieldNodes];
    const [node] = nodes;
    if (nodes.length > 1 || isConditional(info)) return ofType(type, nodes, { schema, fragments, variableValues, fields: 0 });
    let byNode = known.get(type);
    if (!byNode) {
      byNode = new WeakMap();
      known.set(type, byNode);
    }
    let write = byNode.get(node!);
    if (!write) {
      write = ofType(type, nodes, { schema, fragments, variableValues: {}, fields: 0 });
      byNode.set(node!, write);
    }
    return write;
  }

  return (type, context, info) => {
    const write = writeOf(type, info);
    const run: Run = { context, info, calls: [], later: [] };
    return {
      write(row) {
        try {
          return write(row, run);
        } catch {
          return null;
        }
      },
      isOpen: () => run.later.length > 0,
      async filled(texts) {
        try {
          let open: readonly string[] | null = texts;
          while (open !== null && run.later.length > 0) open = await fillOnce(open, run, context.services.slicer);
          return open;
        } catch {
          return null;
        }
      },
    };
  };
}

/** Fills the places of texts, in turns of the event loop when it takes long; what is put there may have places again. */
async function fillOnce(texts: readonly string[], run: Run, slicer: EventLoopSlicer): Promise<readonly string[] | null> {
  const { later } = run;
  const values = await Promise.all(later.map(({ value }) => value));
  run.later = [];
  const pace = createPace(slicer);
  let letGo: (() => void) | null = null;
  let index = 0;
  const filled: string[] = [];
  try {
    for (const text of texts) {
      const [first, ...rest] = text.split(PLACE);
      let whole = first!;
      for (const piece of rest) {
        if (index % VALUES_BETWEEN_LOOKS === 0 && !pace.hasTime()) {
          letGo ??= run.context.loaders.hold();
          await pace.turn();
        }
        const value = later[index]!.write(values[index], run);
        if (value === null) return null;
        whole += value;
        whole += piece;
        index++;
      }
      filled.push(whole);
    }
    return filled;
  } finally {
    letGo?.();
  }
}

/** The path leads to the list, not to the row: it is the same for all rows. */
function callOf(field: GraphQLField<unknown, GraphQLContext>, parentType: GraphQLObjectType, fieldNodes: FieldNode[], { info }: Run): Call {
  const { name: fieldName, type: returnType } = field;
  const path = { prev: info.path, key: fieldName, typename: parentType.name };
  const given =
    field.args.length === 0 ? {} : getArgumentValues(field as GraphQLField<unknown, unknown>, fieldNodes[0]!, info.variableValues);
  return { given, info: { ...info, fieldName, fieldNodes, returnType, parentType, path } };
}

function checked(type: GraphQLOutputType, write: Write): Write {
  const missing = isNonNullType(type) ? null : 'null';
  const written: Write = (value, run) => {
    if (value === null || value === undefined) return missing;
    if (typeof value !== 'object') return write(value, run);
    if (value instanceof Error) return null;
    if (typeof (value as { then?: unknown }).then !== 'function') return write(value, run);
    const later = value as PromiseLike<unknown>;
    // The executor may be asked instead, and nobody wait for this.
    later.then(undefined, () => undefined);
    run.later.push({ value: later, write: written });
    return PLACE;
  };
  return written;
}

/** Most leaves are numbers and texts, which are what they are serialized to. */
function leafOf(type: GraphQLOutputType, itself: GraphQLLeafType): Write {
  const write = checked(type, (value) => jsonOfLeaf(itself.serialize(value)));
  if (itself === GraphQLFloat) return (value, run) => (Number.isFinite(value) ? `${value as number}` : write(value, run));
  if (itself === GraphQLString || itself === GraphQLID)
    return (value, run) => (typeof value === 'string' ? jsonOfLeaf(value) : write(value, run));
  return write;
}

function listOf(write: Write): Write {
  return (values, run) => {
    if (!Array.isArray(values) || values.length > LONGEST_LIST_WITHIN) return null;
    let text = '';
    for (let index = 0; index < values.length; index++) {
      const value = write(values[index], run);
      if (value === null) return null;
      text += index === 0 ? value : `,${value}`;
    }
    return `[${text}]`;
  };
}
