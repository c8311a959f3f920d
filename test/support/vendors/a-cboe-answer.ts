/** One element of data.options: an invented contract in the recorded shape. */
export function aCboeOption(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    option: 'RUTW260828C02300000',
    bid: 41.2,
    bid_size: 12,
    ask: 42,
    ask_size: 9,
    iv: 0.1932,
    open_interest: 120,
    volume: 14,
    delta: 0.5121,
    gamma: 0.002,
    theta: -0.41,
    rho: 1.1,
    vega: 3.4,
    theo: 41.6,
    last_trade_price: 41.5,
    last_trade_time: '2026-06-30T15:59:01',
    ...overrides,
  };
}

export function aCboeAnswer(
  options: readonly unknown[],
  { symbol = '^RUT', timestamp = '2026-07-01 14:30:12' } = {},
): Record<string, unknown> {
  return { timestamp, data: { options, symbol, security_type: 'index', current_price: 2_301.5 }, symbol };
}
