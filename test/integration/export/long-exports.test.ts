import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { aBearerToken } from '../../support/a-token.ts';
import { address } from '../../support/address.ts';
import { askAs } from '../../support/ask-as.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { idIn } from '../../support/id-in.ts';
import { metricValue } from '../../support/metric-value.ts';
import { type ExportApp, startExportApp } from '../../support/start-export-app.ts';
import { waitingStatements } from '../../support/waiting-statements.ts';

const MANY = 100_000;
const STALL_MS = 6_000;

// biome-ignore lint/suspicious/noExplicitAny: rows of any source
type Row = any;

let served: ExportApp;
let app: ExportApp['app'];
let database: ExportApp['database'];
let sql: ExportApp['sql'];
let appender: ExportApp['appender'];
let admin: ExportApp['admin'];
let shared: ExportApp['shared'];
let get: ExportApp['get'];

beforeAll(async () => {
  // No statement ends because of the time it takes while it is waited for.
  served = await startExportApp({ HTTP_IDLE_TIMEOUT_MS: String(STALL_MS), DATABASE_STATEMENT_TIMEOUT_MS: '600000' });
  ({ app, database, sql, appender, admin, shared, get } = served);
});

afterAll(() => served.stop());

interface Cut {
  readonly rows: Row[];
  readonly trailers: NodeJS.Dict<string>;
}

/** Reads NDJSON until as many rows have come, then cuts the connection; with its trailers when it ended before. */
function readRows(path: string, most = Number.POSITIVE_INFINITY, onData: (response: IncomingMessage) => void = () => {}): Promise<Cut> {
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(`${app.origin}/export/${path}`, { headers: { authorization: admin }, agent: false }, (response) => {
      const rows: Row[] = [];
      let rest = '';
      const done = () => resolve({ rows, trailers: response.trailers });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        onData(response);
        const parts = (rest + chunk).split('\n');
        rest = parts.pop()!;
        for (const part of parts) if (rows.length < most) rows.push(JSON.parse(part));
        if (rows.length >= most) {
          done();
          response.destroy();
        }
      });
      response.once('end', done);
      response.once('error', (error) => (rows.length >= most ? undefined : reject(error)));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** While there are no results that others read as well: followers of new ones, and rules. */
describe('an export', () => {
  it('whose client goes away no longer runs in the database', async () => {
    const lock = await holdLock(database.url, 'lock table scan_results in access exclusive mode');
    try {
      const sent = request(`${app.origin}/export/scan-results`, { headers: { authorization: admin }, agent: false });
      sent.on('error', () => {});
      sent.end();
      const ofExport = async () => (await waitingStatements(database.url)).filter((text) => /^explain|json_agg\(result\)/.test(text));
      await vi.waitFor(async () => expect((await ofExport()).length).toBeGreaterThan(0));
      sent.destroy();
      await vi.waitFor(async () => expect(await ofExport()).toEqual([]));
    } finally {
      await lock.release();
    }
  });
});

describe('a long export', () => {
  let beforehand: number;

  beforeAll(async () => {
    const [template] = await appender.append([aResultDraft({ filterId: shared, symbol: 'MANY' })]);
    const columns = await sql<{ name: string }[]>`
      select quote_ident(column_name) as name from information_schema.columns
      where table_name = 'scan_results' and table_schema = 'public' and column_name not in ('sequence', 'detected_at', 'id')`;
    const rest = columns.map(({ name }) => name).join(', ');
    await sql.unsafe(
      `insert into scan_results (sequence, detected_at, id, ${rest})
       select sequence + n, detected_at + n * interval '1 millisecond', gen_random_uuid(), ${rest} from scan_results, generate_series(1, ${MANY - 1}) as n
       where sequence = ${template!.sequence}`,
    );
    await sql`update stream_heads set last_sequence = last_sequence + ${MANY - 1}, last_at = last_at + ${MANY - 1} * interval '1 millisecond'
      where stream = 'scan-results'`;
    await sql`analyze scan_results`;
    const [count] = await sql<{ count: number }[]>`select count(*)::int as count from scan_results`;
    beforehand = count!.count;
  });

  it('of 100,000 rows holds a page of them', { timeout: 600_000 }, async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const heaps: number[] = [];
    let bytes = 0;
    let rows = 0;
    await new Promise<void>((resolve, reject) => {
      request(
        `${app.origin}/export/scan-results?columns=id,symbol,score,legs,reasons`,
        { headers: { authorization: admin }, agent: false },
        (response) => {
          expect(Number(response.headers['x-total-count-estimate'])).toBeGreaterThan(MANY / 2);
          response.on('data', (chunk: Buffer) => {
            if (Math.floor(bytes / 5_000_000) < Math.floor((bytes + chunk.length) / 5_000_000)) {
              collect();
              const { heapUsed, external } = process.memoryUsage();
              heaps.push(heapUsed + external);
            }
            bytes += chunk.length;
            for (const byte of chunk) if (byte === 10) rows++;
          });
          response.once('end', () => {
            expect(response.trailers).toMatchObject({ 'x-export-rows': String(beforehand), 'x-export-complete': 'true' });
            resolve();
          });
          response.once('error', reject);
        },
      ).end();
    });
    expect(rows).toBe(beforehand);
    expect(bytes).toBeGreaterThan(50_000_000);
    // The first sample is taken with everything in place that an export needs. Meanwhile the server rolls these rows up, a batch of them in memory.
    const growth = Math.max(...heaps) - heaps[0]!;
    console.info(`${rows} rows, ${bytes} bytes; heap at most ${Math.round(growth / 1_024)} KiB above its beginning`);
    expect(growth).toBeLessThan(32_000_000);
  });

  it('goes on where it was cut, without loss or doubling, while rows arrive', async () => {
    const filter = JSON.stringify({ symbols: { in: ['CUT'] } });
    const arrive = (count: number) =>
      appender.append(Array.from({ length: count }, () => aResultDraft({ filterId: shared, symbol: 'CUT' })));
    const first = await arrive(2_000);
    for (const order of ['DESC', 'ASC']) {
      const seen: string[] = [];
      let after: string | null = null;
      for (;;) {
        const path = address('scan-results', { filter, order, columns: 'id', ...(after !== null && { after }) });
        const { rows, trailers }: Cut = await readRows(path, 700);
        seen.push(...rows.map(({ id }: Row) => idIn(id)));
        after = rows.at(-1)?.cursor ?? after;
        if (trailers['x-export-complete'] === 'true') break;
        if (seen.length < 2_500) await arrive(10);
      }
      // Newest first, what arrived meanwhile lies before the beginning.
      const all = (await sql`select id from scan_results where symbol = 'CUT' order by sequence`).map(({ id }) => id as string);
      expect(seen).toEqual(order === 'DESC' ? first.map(({ id }) => id).toReversed() : all);
    }
  });

  it('ends when its client takes nothing, and holds nothing meanwhile', async () => {
    const rowsBefore = await metricValue(app, 'strikewire_export_rows_total');
    const socket = connect(app.address.port, '127.0.0.1');
    socket.write(`GET /export/scan-results HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${admin}\r\n\r\n`);
    socket.pause();
    try {
      await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_exports_total', { outcome: 'stalled' })).toBe(1));
      // What the buffers of the two sockets took.
      expect((await metricValue(app, 'strikewire_export_rows_total')) - rowsBefore).toBeLessThan(20_000);
      expect(await metricValue(app, 'strikewire_exports_running')).toBe(0);
    } finally {
      socket.destroy();
    }
  });

  it('counts as an operation that runs', async () => {
    const developer = await aBearerToken({ subject: 'dev', roles: ['DEVELOPER'] });
    const lock = await holdLock(database.url, 'lock table scan_runs in access exclusive mode');
    const first = get('scan-runs', developer);
    try {
      // The heartbeat of the server looks after runs as well, now and then.
      const ofExport = async () => (await waitingStatements(database.url)).filter((text) => !text.startsWith('update'));
      await vi.waitFor(async () => expect(await ofExport()).toHaveLength(1));
      const second = await get('scan-runs', developer);
      expect(second.status).toBe(429);
      expect((second.json() as Row).errors[0].extensions).toMatchObject({ limit: 'concurrentOperations', allowed: 1, requested: 2 });
    } finally {
      await lock.release();
    }
    expect((await first).status).toBe(200);
  });

  it('ends at the next page when its token is revoked', async () => {
    const token = await aBearerToken({ subject: 'leaver', roles: ['TRADER'], id: 'leaver-token' });
    const failed = await metricValue(app, 'strikewire_exports_total', { outcome: 'failed' });
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        `${app.origin}/export/scan-results?columns=id`,
        { headers: { authorization: token }, agent: false },
        async (response) => {
          response.pause();
          response.once('error', () => resolve());
          response.once('end', () => reject(new Error('expected it to be cut, got all of it')));
          const { errors } = await askAs(app, admin, 'mutation { tokenRevoke(input: { tokenId: "leaver-token" }) { __typename } }');
          if (errors) reject(new Error(JSON.stringify(errors)));
          response.resume();
        },
      );
      sent.once('error', reject);
      sent.end();
    });
    await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_exports_total', { outcome: 'failed' })).toBe(failed + 1));
  });
});
