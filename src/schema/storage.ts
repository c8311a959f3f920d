import type { InputRef } from '@pothos/core';
import { TIME_SERIES_BACKINGS } from '../db/time-series/time-series-backing.ts';
import { RETENTION_TIERS } from '../domain/history/retention-days.ts';
import type { ExpiredChunkReport, RetainedTableReport, RetentionReport } from '../domain/history/retention-report.ts';
import { RETENTION_RUN_OUTCOMES, type RetentionRunRecord } from '../domain/history/retention-run-record.ts';
import type { StoredData, StoredTable } from '../services/history/storage-survey.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const MS_PER_DAY = 86_400_000;
/** About three weeks of daily runs. */
const TOLD_RUNS = 20;

const StorageBackingEnum = builder.enumType('StorageBacking', {
  description: 'What keeps the chunks of time series.',
  values: describedValues(TIME_SERIES_BACKINGS, {
    TIMESCALE_COMMUNITY: 'Hypertables of TimescaleDB, Community edition; old chunks are compressed.',
    TIMESCALE_APACHE: 'Hypertables of TimescaleDB, Apache 2 edition.',
    PLAIN: 'Range partitions of PostgreSQL.',
  }),
});

const StorageTierEnum = builder.enumType('StorageTier', {
  description: 'What is kept for a time of its own.',
  values: describedValues(RETENTION_TIERS, {
    RAW: 'Rows as they were stored, and what happened to opportunities and alerts.',
    MINUTE: 'Rollups by minute.',
    HOUR: 'Rollups by hour.',
    DAY: 'Rollups by day.',
  }),
});

const StorageTableRef = builder.objectRef<StoredTable>('StorageTable').implement({
  description: 'A table whose old rows go.',
  fields: (t) => ({
    name: t.exposeString('table', { description: 'Its name in the database.' }),
    tier: t.expose('tier', { type: StorageTierEnum, description: 'For how long it is kept is decided by this.' }),
    chunks: t.exposeInt('chunks', {
      nullable: true,
      description: 'Chunks it is cut into, those of the time to come included; null: it is not in chunks.',
    }),
    chunkDays: t.float({
      nullable: true,
      description: 'How much time a chunk holds, days; null: it is not in chunks.',
      resolve: ({ chunkMs }) => chunkMs && chunkMs / MS_PER_DAY,
    }),
    rows: t.exposeFloat('rows', { description: 'Rows, as PostgreSQL estimates.' }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes on disk, indexes included.' }),
    oldestAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Time of its oldest row, UTC; of rollups to the width of a chunk, by the time of the market. Null: it has none.',
      resolve: ({ oldestMs }) => (oldestMs === null ? null : new Date(oldestMs)),
    }),
    newestAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Time of its newest row, UTC; of rollups to the width of a chunk, by the time of the market. Null: it has none, or is not in chunks.',
      resolve: ({ newestMs }) => (newestMs === null ? null : new Date(newestMs)),
    }),
    retentionDays: t.exposeInt('retentionDays', { description: 'For how many days its rows are kept at least.' }),
  }),
});

const RetentionRunOutcomeEnum = builder.enumType('RetentionRunOutcome', {
  description: 'How a run of the retention went.',
  values: describedValues(RETENTION_RUN_OUTCOMES, {
    RUNNING: 'It is under way, or was cut and no run has come after it yet.',
    DONE: 'It ran to its end.',
    FAILED: 'The server that did it met an error, which is in its log; the next run goes on.',
    CUT: 'It ended without a word: its server was killed, or lost the database. The next run went on.',
  }),
});

const RetentionRunRef = builder.objectRef<RetentionRunRecord>('RetentionRun').implement({
  description: 'A run of the retention; dry ones are not kept.',
  fields: (t) => ({
    startedAt: t.field({ type: 'DateTime', description: 'When it began, UTC.', resolve: ({ startedAtMs }) => new Date(startedAtMs) }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, UTC; null: it has not, or nobody knows when.',
      resolve: ({ endedAtMs }) => (endedAtMs === null ? null : new Date(endedAtMs)),
    }),
    outcome: t.expose('outcome', { type: RetentionRunOutcomeEnum, description: 'How it went.' }),
    removedChunks: t.int({ description: 'Chunks it removed, also when it was cut.', resolve: ({ removed }) => removed.chunks }),
    removedRows: t.float({
      description: 'Rows it removed, also when it was cut; of chunks estimated.',
      resolve: ({ removed }) => removed.rows,
    }),
    removedBytes: t.float({ description: 'Bytes that its chunks gave back to the disk.', resolve: ({ removed }) => removed.bytes }),
  }),
});

export const StorageRef = builder.objectRef<StoredData>('Storage').implement({
  description: 'What is stored, where, and for how long.',
  fields: (t) => ({
    backing: t.field({
      type: StorageBackingEnum,
      description: 'What keeps the chunks of time series.',
      resolve: ({ backing }) => backing.kind,
    }),
    product: t.string({ description: 'The database and its version, e.g. `PostgreSQL 18.4`.', resolve: ({ backing }) => backing.product }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes of the whole database on disk.' }),
    tables: t.field({
      type: [StorageTableRef],
      description: 'The tables whose old rows go; others are small.',
      resolve: ({ tables }) => [...tables],
    }),
    retentionRuns: t.field({
      type: [RetentionRunRef],
      description: `The newest runs of the retention, newest first, at most ${TOLD_RUNS}.`,
      resolve: async (_storage, _arguments, { services }) => [...(await services.storageSurvey.retentionRuns(TOLD_RUNS))],
    }),
  }),
});

const ChunkOutcomeEnum = builder.enumType('RetentionOutcome', {
  description: 'What becomes of a chunk that is older than the retention.',
  values: describedValues(['EXPIRED', 'WRITTEN_LATELY', 'NOT_ROLLED_UP', 'IN_USE'] as const, {
    EXPIRED: 'It was removed, or in a dry run would be.',
    WRITTEN_LATELY:
      'It stays: its rollups are of an old time of the market, but were written within the retention, as a recording that was replayed is.',
    NOT_ROLLED_UP: 'It stays: rows in it have not been rolled up yet.',
    IN_USE: 'It stays until the next run: somebody was reading the table.',
  }),
});

const RetentionChunkRef = builder.objectRef<ExpiredChunkReport>('RetentionChunk').implement({
  description: 'A chunk that is older than the retention.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Beginning of its time, UTC.', resolve: ({ fromMs }) => new Date(fromMs) }),
    before: t.field({ type: 'DateTime', description: 'End of its time, exclusive, UTC.', resolve: ({ beforeMs }) => new Date(beforeMs) }),
    rows: t.exposeFloat('rows', { description: 'Its rows, as PostgreSQL estimates.' }),
    bytes: t.exposeFloat('bytes', { description: 'Its bytes on disk, indexes included.' }),
    outcome: t.expose('outcome', { type: ChunkOutcomeEnum, description: 'What became of it.' }),
  }),
});

const RetentionTableRef = builder.objectRef<RetainedTableReport>('RetentionTable').implement({
  description: 'What a run of the retention did to a table.',
  fields: (t) => ({
    name: t.exposeString('table', { description: 'Its name in the database.' }),
    tier: t.expose('tier', { type: StorageTierEnum, description: 'For how long it is kept is decided by this.' }),
    retentionDays: t.exposeInt('retentionDays', { description: 'For how many days its rows are kept at least.' }),
    cutoffAt: t.field({
      type: 'DateTime',
      description: 'What ended before this moment goes, UTC.',
      resolve: ({ cutoffMs }) => new Date(cutoffMs),
    }),
    chunks: t.field({
      type: [RetentionChunkRef],
      description: 'Its chunks that are older, oldest first; none where rows go one by one.',
      resolve: ({ chunks }) => [...chunks],
    }),
    removedRows: t.exposeFloat('removedRows', { description: 'Rows that were removed, or in a dry run would be; of chunks estimated.' }),
    removedBytes: t.exposeFloat('removedBytes', {
      description: 'Bytes that chunks gave back to the disk, or in a dry run would. Of rows that go one by one the space is used again.',
    }),
  }),
});

const RetentionReportRef = builder.objectRef<RetentionReport>('RetentionReport').implement({
  description: 'What a run of the retention did.',
  fields: (t) => ({
    isDryRun: t.exposeBoolean('isDryRun', { description: 'Nothing was removed: it says what would be.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began, UTC.', resolve: ({ startedAtMs }) => new Date(startedAtMs) }),
    durationMs: t.exposeFloat('durationMs', { description: 'How long it took, milliseconds.' }),
    tables: t.field({ type: [RetentionTableRef], description: 'Table by table.', resolve: ({ tables }) => [...tables] }),
  }),
});

export interface RetentionRunShape {
  readonly dryRun?: boolean | null | undefined;
}

export const RetentionRunInput: InputRef<RetentionRunShape> = builder.inputRef<RetentionRunShape>('RetentionRunInput').implement({
  description: 'A run of the retention, besides the one a day.',
  fields: (t) => ({
    dryRun: t.boolean({ description: 'True: nothing is removed, and the report says what would be. By default false.' }),
  }),
});

export interface RetentionRunPayloadShape {
  readonly report: RetentionReport;
}

export const RetentionRunPayload = builder.objectRef<RetentionRunPayloadShape>('RetentionRunPayload').implement({
  description: 'The retention has run.',
  fields: (t) => ({ report: t.expose('report', { type: RetentionReportRef, description: 'What it did.' }) }),
});
