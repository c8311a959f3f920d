import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

const MAXIMUM_DEPTH = 7;
const WOUNDS = [
  '',
  '{',
  '}',
  '(',
  ')',
  '$',
  '"',
  '"""',
  '...',
  '@',
  'on',
  'null',
  '1e999',
  '\u0000',
  '\\',
  '#',
  '@skip(if: true)',
  'fragment',
  '\ud800',
  '…',
];
const TEXTS = [
  '',
  'SPX',
  'a',
  '\\u0000',
  '\\uD800',
  '%',
  "'; drop table filters; --",
  '../..',
  '__proto__',
  'x'.repeat(300),
  'RmlsdGVyOjE=',
  '2026-01-01T00:00:00Z',
  '2026-01-01',
  '-1',
];
const NUMBERS = ['0', '1', '-1', '2147483647', '-2147483648', '2147483648', '1e308', '1e999', '0.1', '-0'];
/** For variables: right shapes, wrong ones, and what JSON can say besides. */
const VALUES: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 31,
    '',
    'SPX',
    'a\u0000b',
    '\ud800',
    '2026-01-01T00:00:00Z',
    [],
    {},
    [[]],
    [null],
    { min: 1, max: 0 },
    { in: ['SPX'] },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

export interface RandomDocument {
  readonly query: string;
  readonly variables: unknown;
}

/** Documents along a schema: most are good, some then have something wrong in them. */
export function aRandomDocument(schema: GraphQLSchema): fc.Arbitrary<RandomDocument> {
  const wound = fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.constantFrom(...WOUNDS));
  return fc
    .record({
      choices: fc.array(fc.nat({ max: 999 }), { minLength: 30, maxLength: 250 }),
      wounds: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(wound, { minLength: 1, maxLength: 3 }) },
      ),
      values: fc.array(VALUES, { minLength: 6, maxLength: 6 }),
    })
    .map(({ choices, wounds, values }) => {
      const { text, variables } = write(schema, choices, values);
      let query = text;
      for (const [place, length, instead] of wounds) {
        const at = place % (query.length + 1);
        query = query.slice(0, at) + instead + query.slice(at + length);
      }
      return { query, variables };
    });
}

/** The same choices write the same document, and fewer a smaller one: so that a failure can be made small. */
function write(
  schema: GraphQLSchema,
  choices: readonly number[],
  values: readonly unknown[],
): { text: string; variables: Record<string, unknown> } {
  let next = 0;
  const choose = (count: number) => (choices[next++] ?? 0) % count;
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];

  function literal(type: GraphQLInputType, depth: number): string {
    if (choose(25) === 0) return ['null', '"text"', '1', '[]', '{}', 'ENUM', '$nobody'][choose(7)]!;
    if (declared.length < values.length && choose(8) === 0) {
      const name = `v${declared.length}`;
      variables[name] = values[declared.length];
      declared.push(`$${name}: ${String(type)}`);
      return `$${name}`;
    }
    if (isNonNullType(type)) return literal(type.ofType as GraphQLInputType, depth);
    if (isListType(type))
      return `[${Array.from({ length: choose(4) }, () => literal(type.ofType as GraphQLInputType, depth + 1)).join(', ')}]`;
    if (isEnumType(type)) return type.getValues()[choose(type.getValues().length)]!.name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || (depth < 4 && choose(4) === 0),
      );
      return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, depth + 1)}`).join(', ')} }`;
    }
    if (type.name === 'Boolean') return choose(2) === 0 ? 'true' : 'false';
    if (/Int|Float/.test(type.name)) return NUMBERS[choose(NUMBERS.length)]!;
    return `"${TEXTS[choose(TEXTS.length)]!}"`;
  }

  function field(of: GraphQLField<unknown, unknown>, depth: number): string {
    const args = of.args.filter((argument) => (isNonNullType(argument.type) && argument.defaultValue === undefined) || choose(3) === 0);
    const list = args.map((argument) => `${argument.name}: ${literal(argument.type, 0)}`).join(', ');
    const alias = choose(6) === 0 ? `a${choose(5)}: ` : '';
    const directive = choose(20) === 0 ? ' @include(if: true)' : '';
    return `${alias}${of.name}${list ? `(${list})` : ''}${directive}${selections(getNamedType(of.type), depth + 1)}`;
  }

  function selections(type: GraphQLNamedType, depth: number): string {
    if (isUnionType(type))
      return ` { __typename ${type
        .getTypes()
        .map((member) => `... on ${member.name}${selections(member, depth + 1)}`)
        .join(' ')} }`;
    if (!isObjectType(type) && !isInterfaceType(type)) return '';
    const fields = Object.values(type.getFields());
    const picked = Array.from({ length: 1 + choose(depth < 3 ? 4 : 2) }, () => fields[choose(fields.length)]!);
    const written = picked.filter((one) => depth < MAXIMUM_DEPTH || !hasFields(getNamedType(one.type))).map((one) => field(one, depth));
    return ` { ${written.length > 0 ? written.join(' ') : '__typename'} }`;
  }

  const roots = [
    ['query', schema.getQueryType()!],
    ['query', schema.getQueryType()!],
    ['mutation', schema.getMutationType()!],
    ['subscription', schema.getSubscriptionType()!],
  ] as const;
  const [operation, root] = roots[choose(roots.length)]!;
  const fields = Object.values(root.getFields());
  const body = operation === 'query' ? selections(root, 0) : ` { ${field(fields[choose(fields.length)]!, 1)} }`;
  return { text: `${operation}${declared.length > 0 ? ` (${declared.join(', ')})` : ''}${body}`, variables };
}

function hasFields(type: GraphQLNamedType): boolean {
  return isObjectType(type) || isInterfaceType(type) || isUnionType(type);
}
