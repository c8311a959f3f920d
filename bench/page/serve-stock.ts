/* A graphql-yoga server as its documentation makes one: a schema in SDL, plain resolvers, graphql-js. */
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { cursorOf, readPage } from './page-sql.ts';
import { reportUsage } from './report-usage.ts';

const metric = (name: keyof ScanResult['metrics']) => (row: ScanResult) => row.metrics[name];

const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      type Query { scanResults(first: Int): Connection! }
      type Connection { edges: [Edge!]! pageInfo: PageInfo! }
      type Edge { cursor: String! node: ScanResult! }
      type PageInfo { hasNextPage: Boolean! endCursor: String }
      type ScanResult {
        id: ID! detectedAt: String! symbol: String! strategy: String! expiration: String! netCredit: Float maxProfit: Float maxLoss: Float
        probabilityOfProfit: Float returnOnRisk: Float score: Float reasons: [String!]!
      }`,
    resolvers: {
      Query: {
        scanResults: async (_root: unknown, { first }: { first: number }) => {
          const read = await readPage(first);
          const edges = read.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
          return { edges, pageInfo: { hasNextPage: read.length > first, endCursor: edges.at(-1)?.cursor } };
        },
      },
      ScanResult: {
        id: (row: ScanResult) => Buffer.from(`ScanResult:${row.id}`).toString('base64'),
        detectedAt: (row: ScanResult) => new Date(row.detectedAtMs).toISOString(),
        netCredit: metric('netCredit'),
        maxProfit: metric('maxProfit'),
        maxLoss: metric('maxLoss'),
        probabilityOfProfit: metric('probabilityOfProfit'),
        returnOnRisk: metric('returnOnRisk'),
        score: metric('score'),
      },
    },
  }),
});
const server = createServer(yoga as never);
server.listen(0, '127.0.0.1', () => reportUsage((server.address() as { port: number }).port));
