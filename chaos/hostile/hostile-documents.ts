/** An operation as somebody sends it who means no good. */
export interface HostileOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

const many = (count: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);
const nested = (depth: number, open: string, inner: string, close: string) => open.repeat(depth) + inner + close.repeat(depth);

const UNTIL_LONG = 'underlyings(first: 500) { edges { node { symbol expirations { date } } } }';
const HUGE = '9'.repeat(5_000);

export const HOSTILE_OPERATIONS: readonly HostileOperation[] = [
  { name: 'deep selections', query: nested(2_000, '{ a ', '', '}') },
  { name: 'selections deeper than any stack', query: nested(100_000, '{a', '', '}') },
  { name: 'deep and valid', query: `{ scanResults { ${nested(400, 'edges { node { filter { id } } } ', '', '')} } }` },
  { name: 'deep introspection', query: `{ __schema { types { fields { type ${nested(300, '{ ofType ', '{ name }', '}')} } } } }` },
  {
    name: 'wide introspection',
    query: `{ ${many(50, (i) => `a${i}: __schema { types { fields { type { fields { type { fields { name } } } } } } }`)} }`,
  },
  { name: 'deep lists in arguments', query: `{ nodes(ids: ${nested(5_000, '[', '"a"', ']')}) { id } }` },
  { name: 'deep objects in arguments', query: `{ scanResults(filter: ${nested(5_000, '{ all: [', '', '] }')}) { edges { cursor } } }` },
  { name: 'deep types of variables', query: `query (${'$a: '}${nested(5_000, '[', 'Int', ']')}) { __typename }` },
  { name: 'aliases', query: `{ ${many(20_000, (i) => `a${i}: __typename`)} }` },
  { name: 'few aliases of something long', query: `{ ${many(15, (i) => `a${i}: ${UNTIL_LONG}`)} }` },
  { name: 'the same field again and again', query: `{ ${many(3_000, () => '__typename')} }` },
  { name: 'overlapping fields', query: `{ ${many(600, () => 'scanner { state state state }')} }` },
  { name: 'a fragment in itself', query: '{ ...A } fragment A on Query { ...A }' },
  { name: 'a ring of fragments', query: `{ ...F0 } ${many(500, (i) => `fragment F${i} on Query { ...F${(i + 1) % 500} }`)}` },
  {
    name: 'fragments that double',
    query: `{ ...F0 } ${many(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Query { __typename }`,
  },
  {
    name: 'fragments that double, with fields',
    query: `{ ...F0 } ${many(40, (i) => `fragment F${i} on Query { a${i}: scanner { state } ...F${i + 1} ...F${i + 1} }`)} fragment F40 on Query { __typename }`,
  },
  { name: 'inline fragments within each other', query: `{ ${nested(1_000, '... on Query { ', '__typename', '}')} }` },
  { name: 'directives', query: `{ __typename ${'@include(if: true)'.repeat(1_000)} }` },
  { name: 'directives nobody knows', query: `{ __typename ${many(1_300, (i) => `@d${i}`)} }` },
  {
    name: 'directives on everything',
    query: `query Q @skip(if: true) { ${many(400, (i) => `a${i}: __typename @skip(if: false) @include(if: true)`)} }`,
  },
  { name: 'ids', query: `{ nodes(ids: [${many(1_500, (i) => `"${i}"`, ',')}]) { id } }` },
  {
    name: 'ids in a variable',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 50_000 }, (_, i) => String(i)) },
  },
  { name: 'variables', query: `query (${many(600, (i) => `$v${i}: Int`, ',')}) { __typename }` },
  {
    name: 'variables nobody declared',
    query: '{ __typename }',
    variables: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`v${i}`, i])),
  },
  { name: 'pages of all', query: '{ scanResults(first: 2147483647) { edges { node { id legs { symbol } } } } }' },
  {
    name: 'pages within pages',
    query:
      '{ filters(first: 500) { edges { node { id criteria { all { all { all { score { min } } } } } } } } scanResults(first: 500) { edges { node { filter { criteria { any { score { min } } } } } } } }',
  },
  { name: 'less than nothing', query: '{ scanResults(first: -1) { edges { cursor } } }' },
  { name: 'a number beyond Int', query: `{ scanResults(first: ${HUGE}) { edges { cursor } } }` },
  { name: 'a number beyond Float', query: '{ scanResults(filter: { score: { min: 1e999999 } }) { edges { cursor } } }' },
  { name: 'a long number of Float', query: `{ scanResults(filter: { score: { min: ${HUGE}.${HUGE} } }) { edges { cursor } } }` },
  { name: 'a long string', query: `{ underlying(symbol: "${'x'.repeat(400_000)}") { symbol } }` },
  { name: 'a long name', query: `{ ${'x'.repeat(400_000)} }` },
  { name: 'a long name of an operation', query: `query ${'x'.repeat(100_000)} { __typename }` },
  { name: 'a long block string', query: `{ underlying(symbol: """${'\n '.repeat(200_000)}""") { symbol } }` },
  { name: 'commas', query: `{ __typename ${','.repeat(500_000)} }` },
  { name: 'a comment', query: `{ __typename } #${'x'.repeat(500_000)}` },
  { name: 'many operations', query: many(700, (i) => `query Q${i} { __typename }`), operationName: 'Q1' },
  { name: 'an operation that is not there', query: 'query A { __typename }', operationName: '__proto__' },
  { name: 'an operation named by something else', query: '{ __typename }', operationName: { toString: 1 } },
  { name: 'extensions of all kinds', query: '{ __typename }', extensions: [[[]]] },
  { name: 'an id of a document', query: '', extensions: { persistedQuery: { version: 1, sha256Hash: 'x'.repeat(10_000) } } },
  { name: 'NUL in a string', query: '{ underlying(symbol: "\\u0000") { symbol } }' },
  { name: 'NUL in a variable', query: 'query ($s: String!) { underlying(symbol: $s) { symbol } }', variables: { s: 'A\u0000B' } },
  {
    name: 'NUL where text is looked for',
    query: 'query ($s: [String!]) { scanResults(filter: { symbols: { in: $s } }) { edges { cursor } } }',
    variables: { s: ['\u0000'] },
  },
  {
    name: 'NUL in a name of a filter',
    query: 'mutation ($i: FilterCreateInput!) { filterCreate(input: $i) { __typename } }',
    variables: { i: { name: 'a\u0000b', criteria: {} } },
  },
  {
    name: 'NUL in a description of a filter',
    query: 'mutation ($i: FilterCreateInput!) { filterCreate(input: $i) { __typename } }',
    variables: { i: { name: 'hostile', description: '\u0000', criteria: {} } },
  },
  {
    name: 'NUL in an idempotency key',
    query: 'mutation ($i: FilterCreateInput!) { filterCreate(input: $i) { __typename } }',
    variables: { i: { name: 'hostile key', idempotencyKey: '\u0000', criteria: {} } },
  },
  { name: 'half a character', query: 'query ($s: String!) { underlying(symbol: $s) { symbol } }', variables: { s: '\ud800' } },
  {
    name: 'half a character in a name of a filter',
    query: 'mutation ($i: FilterCreateInput!) { filterCreate(input: $i) { __typename } }',
    variables: { i: { name: '\udfff hostile', criteria: {} } },
  },
  {
    name: 'text that turns around',
    query: 'query ($s: String!) { underlying(symbol: $s) { symbol } }',
    variables: { s: '\u202e\u0007\u001b[31m' },
  },
  {
    name: 'the year 275760',
    query: '{ scanResults(range: { from: "+275760-09-13T00:00:00Z", to: "+275760-09-13T00:00:00Z" }) { edges { cursor } } }',
  },
  {
    name: 'the year 9999',
    query: '{ scanResults(range: { from: "0001-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" }) { edges { cursor } } }',
  },
  {
    name: 'a prototype',
    query: 'query ($f: ScanResultFilter) { scanResults(filter: $f) { edges { cursor } } }',
    variables: JSON.parse('{"f":{"__proto__":{"score":{"min":1}},"constructor":{"prototype":{"x":1}}}}'),
  },
  {
    name: 'variables that are a prototype',
    query: 'query ($__proto__: Int) { __typename }',
    variables: JSON.parse('{"__proto__":{"polluted":true}}'),
  },
  { name: 'fields of objects', query: '{ constructor __proto__ toString hasOwnProperty }' },
  { name: 'variables that are a list', query: 'query ($a: Int) { __typename }', variables: [1, 2, 3] },
  { name: 'variables that are a text', query: 'query ($a: Int) { __typename }', variables: 'a' },
  {
    name: 'cursors of others',
    query:
      '{ scanResults(after: "AUJ6H9sDkxAAQJZIAAAAAACugKYl") { edges { cursor } } opportunities(after: "//////////////////////////////8=") { edges { cursor } } }',
  },
  {
    name: 'a cursor from the end of time',
    query: 'subscription { scanResults(after: "////////////////////////////////////////") { cursor } }',
  },
  { name: 'subscription to many fields', query: 'subscription { scanner { state } scanResults { cursor } }' },
  { name: 'subscription with a bomb', query: `subscription { scanResults { results { ${many(90, (i) => `a${i}: legs { symbol }`)} } } }` },
  {
    name: 'subscription by fragments',
    query: 'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ...A }',
  },
  { name: 'nothing', query: '' },
  { name: 'only a brace', query: '{' },
  { name: 'types', query: 'type Query { a: Int } extend schema @a' },
  { name: 'an escape that is none', query: '{ underlying(symbol: "\\u{110000}\\uD800") { symbol } }' },
];
