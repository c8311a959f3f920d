import pretty from 'pino-pretty';

/** Escapes of JSON that stand for control characters (all but tab and line feed), and the control characters JSON leaves as they are. */
const CONTROL_CHARACTER = /\\u00(?:0[0-8b-f]|1[\da-f]|7f)|\\[bfr]|[\u007f-\u009f]/gi;
const ESCAPED_BACKSLASH = /\\\\/;

/** Log fields come from feeds and clients: an escape sequence in one must not reach the terminal. */
function withoutControlCharacters(line: string): string {
  // Pairs of backslashes are text; splitting at them keeps `\\u001b`, which is harmless, as it is.
  return line
    .split(ESCAPED_BACKSLASH)
    .map((part) => part.replace(CONTROL_CHARACTER, '\ufffd'))
    .join('\\\\');
}

/** A function that turns one JSON log line into lines for people. Synchronous, so that nothing is lost when the process ends. */
export function createPrettyLogLine(color: boolean): (line: string) => string {
  const format = pretty.prettyFactory({
    colorize: color,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'component',
    messageFormat: (log, messageKey) => {
      const message = String(log[messageKey] ?? '');
      return typeof log.component === 'string' ? `${log.component}: ${message}` : message;
    },
    singleLine: true,
  });
  return (line) => format(withoutControlCharacters(line));
}
