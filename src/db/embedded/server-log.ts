import type { Logger } from 'pino';

export interface ServerLog {
  /** What the server wrote, cut anywhere but inside a character. */
  write(text: string): void;
  /** Its last lines, oldest first. */
  tail(): readonly string[];
}

export interface ServerLogDeps {
  readonly log: Pick<Logger, 'debug' | 'error'>;
  /** Called with each whole line. */
  readonly onLine: (line: string) => void;
  /** While true a FATAL is expected, as when connections are ended by a shutdown. */
  readonly isStopping: () => boolean;
}

const TAIL_LINES = 40;
/** A longer line is cut: a statement in the log may be of any size. */
const LONGEST_LINE = 4_000;
/** Behind our `log_line_prefix`, or PostgreSQL's own one with a time before it has read ours. Further lines of a message begin with a tab. */
const IS_FATAL = /^(?:[-\d:. A-Z]*\[\d+\] )?(?:FATAL|PANIC): {2}/;

/** Turns what PostgreSQL writes to stderr into our log: FATAL and PANIC as errors, everything else for debugging. */
export function createServerLog({ log, onLine, isStopping }: ServerLogDeps): ServerLog {
  const lines: string[] = [];
  let rest = '';

  function take(whole: string): void {
    const line = whole.trimEnd().slice(0, LONGEST_LINE);
    if (line === '') return;
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    if (IS_FATAL.test(line) && !isStopping()) log.error({ line }, 'PostgreSQL reports an error');
    else log.debug({ line }, 'PostgreSQL');
    onLine(line);
  }

  return {
    write(text) {
      const parts = (rest + text).split('\n');
      rest = parts.pop()!.slice(0, LONGEST_LINE);
      for (const part of parts) take(part);
    },
    tail: () => (rest ? [...lines, rest] : [...lines]),
  };
}
