/**
 * A process of its own that rolls up what is stored in the given database and runs the retention again and again, as of the given moment, until it is killed. It tells its
 * parent of each batch, each chunk and each run.
 */
import './end-with-the-run.ts';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { aRetentionProcess } from './a-retention-process.ts';
import type { RetentionProgress } from './start-retention-server.ts';

/** Small, so that much happens between the beginning and the end of a round. */
const BATCH_ROWS = 20;

/** PostgreSQL may be away. */
const AGAIN_AFTER_MS = 20;

const nowMs = Number(process.env.RETENTION_NOW_MS);

function tell(progress: RetentionProgress): void {
  process.send!(progress);
}

const sink = new Writable({
  write(line: Buffer, _encoding, done) {
    const { msg } = JSON.parse(line.toString()) as { msg: string };
    if (msg === 'an expired chunk was removed') tell('REMOVED');
    done();
  },
});

const { rollups, retention } = await aRetentionProcess({
  databaseUrl: process.env.RETENTION_DATABASE_URL!,
  clock: () => nowMs,
  log: pino({ level: 'info' }, sink),
  batchRows: BATCH_ROWS,
});
rollups.changes.follow(() => tell('ROLLED_UP'));
rollups.refresher.start();
for (;;) {
  try {
    await retention.run({ isDryRun: false, acting: null });
    tell('RAN');
  } catch {
    tell('FAILED');
    await delay(AGAIN_AFTER_MS);
  }
}
