import postgres from 'postgres';
import { aChainFeed } from './a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from './a-token.ts';
import { askAs } from './ask-as.ts';
import { type HttpAnswer, httpRequest } from './http-request.ts';
import { idIn } from './id-in.ts';
import { createResultAppender, type ResultAppender } from './result-appender.ts';
import { startTestApp, type TestApp } from './start-test-app.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

/** A server to export from, with a few people and their filters. Analysts may export 10 rows, developers run one operation at a time. */
export interface ExportApp {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly sql: postgres.Sql;
  readonly appender: ResultAppender;
  /** Whose page may read. */
  readonly origin: string;
  readonly admin: string;
  readonly ann: string;
  readonly bob: string;
  /** Ids of the filter that everybody sees and of the one only Ann does. */
  readonly shared: string;
  readonly secret: string;
  /** Exports, as the administrator unless somebody else is shown. */
  get(path: string, shown?: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

const ORIGIN = 'https://desk.example';

export async function startExportApp(env: Readonly<Record<string, string>> = {}): Promise<ExportApp> {
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const appender = createResultAppender(database.url);
  const app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA', 'BBB']),
    env: {
      AUTH_JWT_SECRET: TOKEN_SECRET,
      CORS_ORIGINS: ORIGIN,
      LIMITS_ROLES: JSON.stringify({ ANALYST: { exportRows: 10 }, DEVELOPER: { concurrentOperations: 1 } }),
      ...env,
    },
  });
  const admin = await aBearerToken();
  const ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });

  async function make(name: string, rest: Record<string, unknown>): Promise<string> {
    const { data } = await askAs(
      app,
      ann,
      `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id } } } }`,
      { input: { name, criteria: { score: { min: 0 } }, ...rest } },
    );
    return idIn(data.filterCreate.filter.id as string);
  }

  return {
    app,
    database,
    sql,
    appender,
    origin: ORIGIN,
    admin,
    ann,
    bob: await aBearerToken({ subject: 'bob', roles: ['TRADER'] }),
    shared: await make('Shared', {}),
    secret: await make('Mine', { visibility: 'PRIVATE' }),
    get: (path, shown = admin, headers = {}) =>
      httpRequest(`${app.origin}/export/${path}`, { headers: { authorization: shown, ...headers } }),
    async stop() {
      const isClean = await app.stop();
      await appender.close();
      await sql.end();
      await database.drop();
      if (!isClean) throw new Error('expected a clean stop');
    },
  };
}
