/** 0.823 → `82.3 %`; `unknown` for what is not a number. */
export function formatPercent(fraction: number): string {
  return Number.isFinite(fraction) ? `${formatDecimal(fraction * 100, 1)} %` : 'unknown';
}

/** Two decimals: 1.2 → `1.20`. */
export function formatPrice(price: number): string {
  return formatDecimal(price, 2);
}

/** Fixed decimals; `unknown` for what is not a number, and no minus before a zero. */
export function formatDecimal(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
