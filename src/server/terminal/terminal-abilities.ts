export interface TerminalAbilities {
  /** Whether colours may be used (https://no-color.org). */
  readonly color: boolean;
  /** Whether the cursor can be moved, which a line that refreshes needs. */
  readonly cursor: boolean;
}

/** What can be done with an output. Nothing when it is no terminal. */
export function terminalAbilities(
  output: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): TerminalAbilities {
  const cursor = output.isTTY === true && env.TERM !== 'dumb';
  return { cursor, color: cursor && (env.NO_COLOR ?? '') === '' };
}
