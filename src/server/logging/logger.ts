import { type Logger, pino } from 'pino';
import type { LogFormat, LogLevel } from '../../config/sections/log-section.ts';
import type { LogOutput } from './log-output.ts';
import { createPrettyLogLine } from './pretty-log-line.ts';
import { redactLogLine } from './redact-log-line.ts';

export interface LoggerDeps {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly output: LogOutput;
  /** Whether the output ends in a terminal; the format `auto` is pretty then, and JSON otherwise. */
  readonly isTerminal: boolean;
  /** Whether pretty lines may be coloured. */
  readonly color: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The root logger. Lines are written synchronously, without a worker thread, with secrets redacted. Every part of the program logs through a child with
 * its name: `logger.child({ component: 'scanner' })`.
 */
export function createLogger({ level, format, output, isTerminal, color, now }: LoggerDeps): Logger {
  const pretty = format === 'pretty' || (format === 'auto' && isTerminal) ? createPrettyLogLine(color) : undefined;
  const destination = pretty === undefined ? output : { write: (line: string) => output.write(pretty(line)) };
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
      hooks: { streamWrite: redactLogLine },
    },
    destination,
  );
}
