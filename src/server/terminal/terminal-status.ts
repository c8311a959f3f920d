import { createLogOutput, type LogOutput } from '../logging/log-output.ts';
import { renderStatusLine, type StatusReading } from './render-status-line.ts';
import { terminalAbilities } from './terminal-abilities.ts';

/** What is used of a process' standard output. */
export type TerminalOutput = Pick<NodeJS.WriteStream, 'write' | 'on' | 'off'> & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

export interface TerminalStatusDeps {
  readonly output: TerminalOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only called between start and stop. */
  readonly readStatus: () => StatusReading;
  readonly intervalMs: number;
  /** Calls `run` every `intervalMs` milliseconds until the returned function is called. Must not keep the process alive. */
  readonly every: (intervalMs: number, run: () => void) => () => void;
}

export interface TerminalStatus extends LogOutput {
  /** Writes lines above the status line. Everything that goes to this output must go through here. */
  write(text: string): void;
  /** Begins to show the status line, where the terminal can. */
  start(): void;
  /** Leaves the last status as an ordinary line and the cursor on the one below. Later writes go straight through. Idempotent. */
  stop(): void;
}

/** What terminals have when they don't say: https://vt100.net/docs/vt100-ug/chapter1.html */
const USUAL_COLUMNS = 80;

/** Clears from the cursor, which always rests at the beginning of the status line, to the end of the screen: also the rows a narrowed line was wrapped to. */
const CLEAR = '\r\u001b[J';

/** One line at the bottom of the terminal that refreshes, with the log above it. On anything but a capable terminal it only passes the log through. */
export function createTerminalStatus({ output, env, readStatus, intervalMs, every }: TerminalStatusDeps): TerminalStatus {
  const { color, cursor } = terminalAbilities(output, env);
  const guarded = createLogOutput(output);
  let stopTimer: (() => void) | undefined;
  let shown = '';

  function refresh(): void {
    shown = renderStatusLine(readStatus(), { columns: output.columns || USUAL_COLUMNS, color });
    guarded.write(`${CLEAR}${shown}\r`);
  }

  return {
    write(text) {
      if (stopTimer === undefined) guarded.write(text);
      else guarded.write(`${CLEAR}${text}${text.endsWith('\n') ? '' : '\n'}${shown}\r`);
    },
    start() {
      if (!cursor || stopTimer !== undefined) return;
      stopTimer = every(intervalMs, refresh);
      output.on('resize', refresh);
      refresh();
    },
    stop() {
      if (stopTimer === undefined) return;
      refresh();
      stopTimer();
      stopTimer = undefined;
      output.off('resize', refresh);
      guarded.write('\n');
    },
  };
}
