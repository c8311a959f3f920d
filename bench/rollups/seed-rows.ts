import type { createDatabase } from '../../dist/db/client.js';
import { columnName } from '../../dist/db/column-name.js';
import { listChunks } from '../../dist/db/time-series/list-chunks.js';
import { timeSeriesTable } from '../../dist/db/time-series/time-series-tables.js';
import { METRICS } from '../../dist/domain/candidates/metric.js';
import { scanResultStream } from '../../dist/services/results/scan-result-stream.js';

type Database = ReturnType<typeof createDatabase>;

/** Fewer only to try the benchmark: with few rows in many days nearly every row has cells of its own. */
export const DAYS = Number(process.env.DAYS ?? 90);
const DAY_MS = 86_400_000;
/** Midnight, UTC, of the first day. */
export const FIRST_DAY_MS = Date.UTC(2026, 0, 1);

const FILTERS = 3;
const SYMBOLS = ['SPX', 'NDX', 'RUT', 'BTC', 'ETH'];
const STRATEGIES = ['BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR'];

/** The metrics that are rolled up have values, the others are unknown. */
const VALUES: Readonly<Record<string, string>> = {
  score: '40 + 60 * r1',
  impliedVolatility: '0.1 + 0.6 * r2 * r2',
  returnOnRisk: '0.05 + r1 * r2',
  annualizedReturn: 'case when k % 9 = 4 then null else 4 * r1 * r2 end',
  probabilityOfProfit: '0.3 + 0.65 * r2',
  expectedValue: '10 * r1 - 5',
};

/** A fraction in [0, 1) that follows from the number and the salt: the same in every run, and made without a look at other rows. */
const fraction = (salt: number) => `((hashint8extended(k, ${salt}) & 1073741823) / 1073741824.0::float8)`;

/** Different rows but for their times: block after block of these is stored. */
const TEMPLATES = 16_384;
/** At once; more than one, for there is more than one processor. */
const CONNECTIONS = 2;
/** A quarter of a million rows. */
const BLOCKS_AT_ONCE = 16;

/**
 * Stores that many results, evenly over the days, each stored at the moment of its quotes: made by PostgreSQL itself.
 * @returns rows per second
 */
export async function seedRows({ sql }: Database, total: number): Promise<number> {
  const startedMs = performance.now();
  const stepMs = (DAYS * DAY_MS) / total;
  const names = METRICS.map(({ name }) => name).filter((name) => name in VALUES);
  const columns = names.map(columnName).join(', ');
  const pick = (list: readonly string[], salt: number) =>
    `(array[${list.map((item) => `'${item}'`).join(', ')}])[1 + (hashint8extended(k, ${salt}) & 1023) % ${list.length}]`;
  await sql.unsafe(`
    create unlogged table bench_templates as
    select k, ('01900000-0000-7000-8000-00000000000' || (hashint8extended(k, 3) & 1023) % ${FILTERS})::uuid as filter_id,
      ${pick(SYMBOLS, 4)} as symbol, ${pick(STRATEGIES, 5)} as strategy, ${names.map((name) => `${VALUES[name]} as ${columnName(name)}`).join(', ')}
    from (select k, ${fraction(1)} as r1, ${fraction(2)} as r2 from generate_series(0, ${TEMPLATES - 1}::bigint) as k) as template`);
  await sql.unsafe('vacuum analyze bench_templates');
  const text = `insert into scan_results (sequence, detected_at, id, scan_run_id, filter_id, filter_revision, symbol, strategy, expiration, quoted_at, market_state, legs_key, legs, score_components, reasons, ${columns})
      select n, at, '01900000-0000-7000-8000-000000000000', '01900000-0000-7000-8000-000000000001', filter_id, 1, symbol, strategy,
        '2026-12-18', at, 'REGULAR', '', '[]', '[]', '{}', ${columns}
      from (select block * ${TEMPLATES} + k + 1 as n, to_timestamp((${FIRST_DAY_MS} + floor((block * ${TEMPLATES} + k + 1) * ${stepMs}::float8)) / 1000) as at, template.*
        from generate_series($1::bigint, $2::bigint) as block cross join bench_templates as template) as row
      where n <= ${total}`;
  await leaveOutOfLog(sql);
  const blocks = Math.ceil(total / TEMPLATES);
  let next = 0;
  const seedNext = async () => {
    while (next < blocks) {
      const first = next;
      next += BLOCKS_AT_ONCE;
      await sql.unsafe(text, [first, Math.min(blocks, next) - 1] as never[]);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, seedNext));
  const rate = (total / (performance.now() - startedMs)) * 1_000;
  await sql.unsafe('drop table bench_templates');
  await sql.unsafe(
    `insert into stream_heads (stream, last_sequence, last_at)
    select '${scanResultStream.name}', sequence, detected_at from scan_results where sequence = ${total}`,
  );
  return rate;
}

/**
 * What PostgreSQL would write twice, it writes once: half as long again many rows a second. It is read like any other, and gone should PostgreSQL be killed. The chunk in which
 * rows come later is left as it is; so are hypertables.
 */
async function leaveOutOfLog(sql: Database['sql']): Promise<void> {
  const [table] = await sql<{ isPartitioned: boolean }[]>`
    select relkind = 'p' as "isPartitioned" from pg_class where oid = 'scan_results'::regclass`;
  if (!table!.isPartitioned) return;
  for (const { relation, beforeMs } of await listChunks(sql, 'PLAIN', timeSeriesTable('scan_results'))) {
    if (beforeMs <= FIRST_DAY_MS + DAYS * DAY_MS) await sql.unsafe(`alter table ${relation} set unlogged`);
  }
}
