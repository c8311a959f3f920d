import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A logger that puts every entry, from debug on, into an array. */
export function logTo<Entry extends object>(entries: Entry[]): Logger {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      entries.push(JSON.parse(chunk.toString()) as Entry);
      done();
    },
  });
  return pino({ level: 'debug' }, sink);
}
