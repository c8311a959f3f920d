import { z } from 'zod';
import { optionalSetting, setting } from '../setting.ts';
import { text } from '../values/text.ts';
import { url } from '../values/url.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const databaseSection = z.strictObject({
  url: optionalSetting(url(['postgres', 'postgresql']), {
    environment: 'DATABASE_URL',
    description: 'PostgreSQL or TimescaleDB to use. Without it the server runs its own PostgreSQL in the data directory.',
    secret: true,
    example: 'postgres://strikewire@db.example.com:5432/strikewire',
  }),
  dataDirectory: setting(text('a directory'), {
    environment: 'DATA_DIR',
    flag: 'data-dir',
    description: 'Where the embedded PostgreSQL keeps its data; relative to the working directory.',
    default: '.strikewire',
  }),
  poolSize: setting(wholeNumber(1, 500), {
    environment: 'DATABASE_POOL_SIZE',
    description: 'Most connections this process opens for queries.',
    unit: 'connections',
    default: 10,
  }),
  statementTimeoutMs: setting(wholeNumber(100, 3_600_000), {
    environment: 'DATABASE_STATEMENT_TIMEOUT_MS',
    description: 'A statement that runs longer is cancelled.',
    unit: 'milliseconds',
    default: 30_000,
  }),
  pollIntervalMs: setting(wholeNumber(10, 60_000), {
    environment: 'STREAM_POLL_INTERVAL_MS',
    description: 'How often the database is asked for rows of other processes that no message has announced.',
    unit: 'milliseconds',
    default: 500,
  }),
});
