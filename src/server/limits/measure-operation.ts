import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { RowsOfLists } from '../../schema/rows-of-lists.ts';

/** How large an operation is, before any of it runs. Fragments count wherever they are spread; directives do not take away what they may leave out. */
export interface OperationMeasure {
  /** Fields within each other, the root field included. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /**
   * Objects that may have to be made: one per field that leads to an object, times the rows asked for, and what fields cost of their own (cost-of-work.ts). Of a subscription: those of an event, times the events a second it
   * asked for, besides those of its snapshot.
   */
  readonly cost: number;
}

export interface MeasureOptions {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  /** Rows of a page when none are asked for. */
  readonly defaultPageSize: number;
  /** Called with each variable whose value the measure depends on. */
  readonly onVariable?: (name: string) => void;
}

/** What lists that are no pages are taken to hold: legs, breakevens, the rows of an event. */
const LIST_ROWS = 10;
/** What comes in a second to who asks for no other rate. More often an event does not cost more: most of the time there is nothing to tell. */
const EVENTS_PER_SECOND = 10;
/** Beyond this all is the same: too much. Keeps counts of fragments within fragments finite. */
const TOO_MUCH = 1e9;

interface Weight {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: number;
}

/** Rows of lists by their name, where a field above them says how many. */
type ListLengths = Readonly<Record<string, number>>;
const NO_LENGTHS: ListLengths = {};

const NOTHING: Weight = { depth: 0, aliases: 0, directives: 0, cost: 0 };

/** For documents that are valid; each fragment is measured once, however often it is spread. */
export function measureOperation(options: MeasureOptions): OperationMeasure {
  const { schema, document, operationName, variables, defaultPageSize, onVariable = () => {} } = options;
  const operation = getOperationAST(document, operationName);
  if (!operation) return { ...NOTHING, rootFields: 0 };
  const fragments = new Map<string, FragmentDefinitionNode>();
  /** How long lists are below the field in hand; the same object for the same lengths. */
  const lengths = new Map<string, ListLengths>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<ListLengths, Map<string, Weight>>();

  function ofSelections(set: SelectionSetNode, parent: GraphQLCompositeType | undefined, lists: ListLengths): Weight {
    let sum = NOTHING;
    for (const selection of set.selections) {
      const weight =
        selection.kind === Kind.FIELD
          ? ofField(selection, parent, lists)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? ofSelections(selection.selectionSet, compositeNamed(selection.typeCondition?.name.value) ?? parent, lists)
            : ofFragment(selection.name.value, lists);
      const directives = selection.directives?.length ?? 0;
      sum = {
        depth: Math.max(sum.depth, weight.depth),
        aliases: Math.min(TOO_MUCH, sum.aliases + weight.aliases),
        directives: Math.min(TOO_MUCH, sum.directives + weight.directives + directives),
        cost: Math.min(TOO_MUCH, sum.cost + weight.cost),
      };
    }
    return sum;
  }

  function ofFragment(name: string, lists: ListLengths): Weight {
    const byName = measured.get(lists) ?? new Map<string, Weight>();
    measured.set(lists, byName);
    const known = byName.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return NOTHING;
    // Valid documents have no cycles; should one come here, it ends here.
    byName.set(name, NOTHING);
    const weight = ofSelections(fragment.selectionSet, compositeNamed(fragment.typeCondition.name.value), lists);
    byName.set(name, weight);
    return weight;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType | undefined, lists: ListLengths): Weight {
    const aliases = node.alias ? 1 : 0;
    const field = fieldOf(parent, node.name.value);
    const work = (field?.extensions.costOfWork as number | undefined) ?? 0;
    if (!node.selectionSet) return { depth: 1, aliases, directives: 0, cost: work };
    const type = field ? getNamedType(field.type) : undefined;
    const inner = ofSelections(node.selectionSet, isCompositeType(type) ? type : undefined, listsBelow(node, field) ?? lists);
    return {
      depth: inner.depth + 1,
      aliases: aliases + inner.aliases,
      directives: inner.directives,
      cost: Math.min(TOO_MUCH, work + (1 + inner.cost) * rowsOf(node, field, lists)),
    };
  }

  /** Rows a field multiplies what is below it by. The lists inside a page (edges, nodes) are the page's rows, which its own field has counted. */
  function rowsOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined, lists: ListLengths): number {
    if (!field) return 1;
    if (field.args.some(({ name }) => name === 'first')) {
      const asked = ['first', 'last'].map((name) => numberOf(node.arguments?.find((argument) => argument.name.value === name)?.value));
      return Math.max(1, asked.find((rows) => rows !== null) ?? defaultPageSize);
    }
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    if (!isListType(type)) return 1;
    const known = lists[node.name.value];
    if (known !== undefined) return known;
    const ids = node.arguments?.find((argument) => argument.name.value === 'ids')?.value;
    if (ids) return Math.max(1, lengthOf(ids));
    return node.name.value === 'edges' || node.name.value === 'nodes' ? 1 : LIST_ROWS;
  }

  /** What the arguments of a field say of the lists below it; null: nothing. */
  function listsBelow(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): ListLengths | null {
    const rowsOfLists = field?.extensions.rowsOfLists as RowsOfLists | undefined;
    if (!rowsOfLists) return null;
    const given = Object.fromEntries((node.arguments ?? []).map(({ name, value }) => [name.value, writtenValue(value)]));
    const lists = rowsOfLists(given);
    const key = JSON.stringify(lists);
    const known = lengths.get(key) ?? lists;
    lengths.set(key, known);
    return known;
  }

  function writtenValue(node: ValueNode): unknown {
    if (node.kind === Kind.VARIABLE) return variableValue(node);
    if (node.kind === Kind.LIST) return node.values.map(writtenValue);
    if (node.kind === Kind.OBJECT) return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, writtenValue(value)]));
    return node.kind === Kind.INT || node.kind === Kind.FLOAT ? Number(node.value) : valueFromASTUntyped(node);
  }

  function variableValue(node: ValueNode | undefined): unknown {
    if (node?.kind !== Kind.VARIABLE) return undefined;
    const name = node.name.value;
    onVariable(name);
    if (variables && name in variables) return variables[name];
    const fallback = operation!.variableDefinitions?.find((definition) => definition.variable.name.value === name)?.defaultValue;
    return fallback && valueFromASTUntyped(fallback);
  }

  function numberOf(node: ValueNode | undefined): number | null {
    const value = node?.kind === Kind.INT || node?.kind === Kind.FLOAT ? Number(node.value) : variableValue(node);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** Events of a subscription that are paid for at its beginning: those of a second, and as many as its snapshot fills. */
  function eventsOf(field: FieldNode | undefined): number {
    const argument = (name: string) => field?.arguments?.find((candidate) => candidate.name.value === name)?.value;
    const delivery = argument('delivery');
    const given = delivery?.kind === Kind.OBJECT ? delivery.fields.find(({ name }) => name.value === 'maxRatePerSecond')?.value : undefined;
    const asked = given ? numberOf(given) : rateIn(variableValue(delivery));
    const rate = asked !== null && asked > 0 ? Math.min(asked, EVENTS_PER_SECOND) : EVENTS_PER_SECOND;
    return rate + Math.max(0, numberOf(argument('snapshot')) ?? 0) / LIST_ROWS;
  }

  function lengthOf(node: ValueNode): number {
    if (node.kind === Kind.LIST) return node.values.length;
    const value = variableValue(node);
    return Array.isArray(value) ? value.length : 1;
  }

  function compositeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  const root = schema.getRootType(operation.operation) ?? undefined;
  const weight = ofSelections(operation.selectionSet, root, NO_LENGTHS);
  // Valid subscriptions have one field.
  const events = operation.operation === 'subscription' ? eventsOf(firstField(operation.selectionSet, fragments, new Set())) : 1;
  return {
    ...weight,
    cost: Math.min(TOO_MUCH, Math.ceil(weight.cost * events)),
    directives: weight.directives + (operation.directives?.length ?? 0),
    rootFields: countFields(operation.selectionSet, fragments, new Map()),
  };
}

function rateIn(delivery: unknown): number | null {
  const rate = typeof delivery === 'object' && delivery !== null && 'maxRatePerSecond' in delivery ? delivery.maxRatePerSecond : null;
  return typeof rate === 'number' && Number.isFinite(rate) ? rate : null;
}

function firstField(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
): FieldNode | undefined {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) return selection;
    if (selection.kind === Kind.FRAGMENT_SPREAD && seen.has(selection.name.value)) continue;
    if (selection.kind === Kind.FRAGMENT_SPREAD) seen.add(selection.name.value);
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const found = inner && firstField(inner.selectionSet, fragments, seen);
    if (found) return found;
  }
  return undefined;
}

function fieldOf(parent: GraphQLCompositeType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

function countFields(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, counted: Map<string, number>): number {
  let fields = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) fields++;
    else if (selection.kind === Kind.INLINE_FRAGMENT) fields += countFields(selection.selectionSet, fragments, counted);
    else {
      const name = selection.name.value;
      let known = counted.get(name);
      if (known === undefined) {
        counted.set(name, 0);
        const fragment = fragments.get(name);
        known = fragment ? countFields(fragment.selectionSet, fragments, counted) : 0;
        counted.set(name, known);
      }
      fields += known;
    }
    if (fields > TOO_MUCH) return TOO_MUCH;
  }
  return fields;
}
