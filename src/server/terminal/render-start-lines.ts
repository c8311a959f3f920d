export interface StartFacts {
  readonly version: string;
  /** Address people open: of GraphiQL, or of the GraphQL endpoint when GraphiQL is off. */
  readonly url: string;
  readonly graphiql: boolean;
  /** `product` is what runs, with its version: `PostgreSQL 18.4`. */
  readonly database:
    | { readonly kind: 'embedded'; readonly product: string; readonly directory: string }
    | { readonly kind: 'external'; readonly product: string; readonly host: string };
  readonly bus: { readonly kind: 'in-process' } | { readonly kind: 'redis'; readonly host: string };
  /** False: whoever reaches the server is its administrator. */
  readonly authenticates: boolean;
  /** One line about the feed; never a secret. */
  readonly feedDescription: string;
  readonly configFile: string | undefined;
}

/** Paths and descriptions may hold anything a file name may; a terminal would obey it. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}

/** What a person wants to know when the server has started, as lines without line ends. */
export function renderStartLines({
  version,
  url,
  graphiql,
  database,
  bus,
  authenticates,
  feedDescription,
  configFile,
}: StartFacts): string[] {
  const facts: [string, string][] = [
    [graphiql ? 'GraphiQL' : 'GraphQL', url],
    [
      'Database',
      database.kind === 'embedded'
        ? `embedded ${database.product} in ${database.directory}`
        : `${database.product} at ${database.host || 'a local socket'}`,
    ],
    ['Bus', bus.kind === 'redis' ? `Redis at ${bus.host}` : 'in this process'],
    ['Access', authenticates ? 'with a token' : 'everybody on this machine is an administrator'],
    ['Feed', feedDescription],
  ];
  if (configFile !== undefined) facts.push(['Settings', configFile]);
  return [`Strikewire ${version}`, ...facts.map(([name, value]) => printable(`  ${name.padEnd(10)}${value}`))];
}
