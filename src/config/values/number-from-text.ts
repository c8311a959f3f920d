/** Decimal notation only: `0x10`, `1_000`, `NaN` and the empty text are mistakes more often than numbers. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The number a text spells, or the input itself when it spells none, so that the schema behind refuses it and can show it. */
export function numberFromText(input: unknown): unknown {
  return typeof input === 'string' && DECIMAL.test(input) ? Number(input) : input;
}
