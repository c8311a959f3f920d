import { z } from 'zod';
import { WRITE_CONNECTIONS } from '../../db/write-connections.ts';
import { optionalSetting, setting } from '../setting.ts';
import { switchValue } from '../values/switch-value.ts';
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
    description:
      'Where the embedded PostgreSQL keeps its data, apart for simulated, replayed and live market data; relative to the working directory.',
    default: '.strikewire',
  }),
  poolSize: setting(wholeNumber(1, 500), {
    environment: 'DATABASE_POOL_SIZE',
    description: `Most connections in each of the two pools that answer queries. With those for storing results, for jobs, for cancelling and for /ready this process opens at most 2 × this + ${WRITE_CONNECTIONS + 3}, and one more while the retention runs; each other statement timeout in LIMITS_ROLES has two pools of its own.`,
    unit: 'connections',
    default: 10,
  }),
  statementTimeoutMs: setting(wholeNumber(100, 3_600_000), {
    environment: 'DATABASE_STATEMENT_TIMEOUT_MS',
    description: 'A statement that runs longer is cancelled.',
    unit: 'milliseconds',
    default: 30_000,
  }),
  allowFeedChange: setting(switchValue, {
    environment: 'DATABASE_ALLOW_FEED_CHANGE',
    flag: 'allow-feed-change',
    description: 'Write into a database that holds other market data: simulated, replayed and live data are refused beside each other.',
    default: false,
  }),
  pollIntervalMs: setting(wholeNumber(10, 60_000), {
    environment: 'STREAM_POLL_INTERVAL_MS',
    description: 'How often the database is asked for rows of other processes that no message has announced.',
    unit: 'milliseconds',
    default: 500,
  }),
});
