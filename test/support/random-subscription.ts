import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Where a subscription begins, in one of the forms an operation can say it. */
export type Beginning = 'nothing' | 'variable' | 'variable not given' | 'literal';

export interface RandomSubscription {
  /** The document, beginning after the given cursor (null: none) where it says so literally. */
  text(after: string | null): string;
  /** The variables; the cursor where it is one of them. */
  variables(after: string | null): Record<string, unknown>;
  readonly beginning: Beginning;
  /** Names of Boolean variables in use: other values of them select other fields. */
  readonly switches: readonly string[];
}

export interface RandomSubscriptionOptions {
  readonly schema: GraphQLSchema;
  /** A subscription to a durable stream. */
  readonly field: string;
  /** Values for its argument `filter`, as literals; other than `after`, `snapshot` and `delivery`, which all have. */
  readonly filters: readonly { readonly literal: string; readonly value: unknown }[];
  /** Literals for required arguments of nested fields, by type. */
  readonly literals: Readonly<Record<string, string>>;
}

/** Booleans: the declaration of each variable, and whether it may be left out. */
const SWITCHES = [
  { name: 'b0', declaration: '$b0: Boolean!', optional: false },
  { name: 'b1', declaration: '$b1: Boolean! = true', optional: true },
  { name: 'b2', declaration: '$b2: Boolean = false', optional: true },
] as const;
const DELIVERIES = ['{}', '{ contract: LATEST }', '{ overflow: DROP_OLDEST, buffer: 500 }', '{ contract: EVERY, overflow: CONFLATE }'];
const AFTER_MARK = '"\u0000after"';
const DEEPEST = 4;

/** Subscriptions that are valid, with whatever GraphQL lets one write: aliases, arguments, fragments of every kind, directives, variables with and without defaults. */
export function aRandomSubscription(options: RandomSubscriptionOptions): fc.Arbitrary<RandomSubscription> {
  return fc.gen().map((draw) => build(options, (count) => draw(fc.nat, { max: count - 1 })));
}

/** @param pick a number from 0 up to, but not including, the count */
function build({ schema, field, filters, literals }: RandomSubscriptionOptions, pick: (count: number) => number): RandomSubscription {
  const fragments: { name: string; type: string; text: string }[] = [];
  const declarations = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const switches = new Set<string>();

  function oneOf<Value>(values: readonly Value[]): Value {
    return values[pick(values.length)]!;
  }

  function condition(): string {
    if (pick(2) === 0) return oneOf(['true', 'true', 'false']);
    const { name, declaration, optional } = oneOf(SWITCHES);
    declarations.set(name, declaration);
    switches.add(name);
    if (!(name in variables) && !(optional && pick(3) === 0)) variables[name] = pick(2) === 0;
    return `$${name}`;
  }

  function directives(): string {
    switch (pick(8)) {
      case 0:
        return ` @include(if: ${condition()})`;
      case 1:
        return ` @skip(if: ${condition()})`;
      case 2:
        return ` @skip(if: ${condition()}) @include(if: ${condition()})`;
      default:
        return '';
    }
  }

  function literalOf({ type }: GraphQLArgument): string | null {
    return literals[String(getNamedType(type))] ?? null;
  }

  function selectedField(type: GraphQLCompositeType, depth: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const possible = Object.values(type.getFields()).filter(
      (candidate) =>
        (depth > 0 || isLeafType(getNamedType(candidate.type))) &&
        candidate.args.every((argument) => !isRequiredArgument(argument) || literalOf(argument) !== null),
    );
    if (possible.length === 0) return '__typename';
    // Fields that lead deeper are few and the more interesting ones.
    const deep = possible.filter((candidate) => !isLeafType(getNamedType(candidate.type)));
    return fieldText(oneOf(deep.length > 0 && pick(3) === 0 ? deep : possible), depth);
  }

  function fieldText(chosen: GraphQLField<unknown, unknown>, depth: number): string {
    const given = chosen.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literalOf(argument)}`);
    const args = given.length > 0 ? `(${given.join(', ')})` : '';
    // An alias stands for one field, so that no two selections are in conflict.
    const alias = pick(4) === 0 ? `${oneOf(['one', 'two'])}_${chosen.name}: ` : '';
    const named = getNamedType(chosen.type);
    const selections = isLeafType(named) ? '' : ` ${selectionSet(named as GraphQLCompositeType, depth - 1)}`;
    return `${alias}${chosen.name}${args}${directives()}${selections}`;
  }

  function spread(type: GraphQLCompositeType, depth: number): string {
    const known = fragments.filter((fragment) => fragment.type === type.name && fragment.text !== '');
    if (known.length > 0 && pick(2) === 0) return `...${oneOf(known).name}${directives()}`;
    const fragment = { name: `F${fragments.length}`, type: type.name, text: '' };
    fragments.push(fragment);
    fragment.text = `fragment ${fragment.name} on ${type.name} ${selectionSet(type, depth)}`;
    return `...${fragment.name}${directives()}`;
  }

  function typed(type: GraphQLCompositeType, depth: number): string {
    const narrower = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? type.getInterfaces() : [];
    const on = oneOf<GraphQLCompositeType>([type, ...narrower]);
    return `... on ${on.name}${directives()} ${selectionSet(on, depth)}`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    switch (pick(12)) {
      case 0:
        return depth > 0 ? spread(type, depth - 1) : '__typename';
      case 1:
        return typed(type, Math.max(0, depth - 1));
      case 2:
        return `...${directives()} ${selectionSet(type, Math.max(0, depth - 1))}`;
      case 3:
        return `${oneOf(['', 'kind_of: '])}__typename${directives()}`;
      default:
        return selectedField(type, depth);
    }
  }

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: 1 + pick(4) }, () => selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  const root = schema.getSubscriptionType()!.getFields()[field]!;
  const beginning = oneOf<Beginning>(['nothing', 'variable', 'variable not given', 'literal']);
  const rootArguments: string[] = [];
  if (beginning === 'literal') rootArguments.push(`after: ${AFTER_MARK}`);
  if (beginning === 'variable' || beginning === 'variable not given') {
    declarations.set('after', '$after: String');
    rootArguments.push('after: $after');
  }
  if (root.args.some(({ name }) => name === 'snapshot') && pick(2) === 0) {
    if (pick(2) === 0) {
      declarations.set('snapshot', '$snapshot: Int = 2');
      if (pick(2) === 0) variables.snapshot = pick(4);
      rootArguments.push('snapshot: $snapshot');
    } else rootArguments.push(`snapshot: ${pick(4)}`);
  }
  if (filters.length > 0 && pick(2) === 0) {
    const filter = oneOf(filters);
    if (pick(2) === 0) {
      declarations.set('filter', `$filter: ${String(root.args.find(({ name }) => name === 'filter')!.type)}`);
      variables.filter = filter.value;
      rootArguments.push('filter: $filter');
    } else rootArguments.push(`filter: ${filter.literal}`);
  }
  if (pick(3) === 0) rootArguments.push(`delivery: ${oneOf(DELIVERIES)}`);
  const rootAlias = pick(3) === 0 ? 'live: ' : '';
  const rootText = `${rootAlias}${field}${rootArguments.length > 0 ? `(${rootArguments.join(', ')})` : ''} ${selectionSet(getNamedType(root.type) as GraphQLCompositeType, DEEPEST)}`;
  const body = oneOf([rootText, rootText, `... on Subscription { ${rootText} }`, `...Root`]);
  if (body === '...Root') fragments.push({ name: 'Root', type: 'Subscription', text: `fragment Root on Subscription { ${rootText} }` });
  const header = declarations.size > 0 ? `(${[...declarations.values()].join(', ')})` : '';
  const operation = `subscription Live${header} { ${body} }`;
  const parts = fragments.map(({ text }) => text);
  // Fragments may stand before the operation as well as behind it.
  parts.splice(pick(parts.length + 1), 0, operation);
  const document = parts.join(oneOf([' ', '\n']));

  return {
    text: (after) => document.replaceAll(AFTER_MARK, JSON.stringify(after)),
    variables: (after) => (beginning === 'variable' ? { ...variables, after } : { ...variables }),
    beginning,
    switches: [...switches],
  };
}
