import { answerJson, startVendorServer, type VendorHandler, type VendorServer } from './start-vendor-server.ts';

export interface TradierServer extends VendorServer {
  /** Replaces what a path answers with, by its last part: quotes, expirations, chains. */
  answer(part: string, handler: VendorHandler): void;
}

/** Speaks Tradier's market data as far as the feed does: one underlying, AAPL, with two expirations of one option each, unless told otherwise. */
export async function startTradierServer(): Promise<TradierServer> {
  const answers = new Map<string, VendorHandler>([
    ['quotes', (_request, response) => answerJson(response, { quotes: { quote: aTradierQuote() } })],
    ['expirations', (_request, response) => answerJson(response, { expirations: { date: ['2026-08-21', '2026-09-18'] } })],
    [
      'chains',
      (_request, response, url) => {
        const expiration = url.searchParams.get('expiration')!;
        answerJson(response, { options: { option: [aTradierOption({ expiration_date: expiration })] } });
      },
    ],
  ]);
  const vendor = await startVendorServer((request, response, url) => answers.get(url.pathname.split('/').at(-1)!)!(request, response, url));
  return {
    ...vendor,
    answer(part, handler) {
      answers.set(part, handler);
    },
  };
}

export function aTradierQuote(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    symbol: 'AAPL',
    type: 'stock',
    last: 231.4,
    bid: 231.3,
    ask: 231.5,
    prevclose: 229,
    trade_date: Date.UTC(2026, 6, 1, 15),
    ...overrides,
  };
}

/** One element of options.option with greeks: an invented contract in the recorded shape. */
export function aTradierOption(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    symbol: 'AAPL260821C00230000',
    root_symbol: 'AAPL',
    underlying: 'AAPL',
    type: 'option',
    option_type: 'call',
    expiration_date: '2026-08-21',
    strike: 230,
    contract_size: 100,
    bid: 8.1,
    bidsize: 20,
    bid_date: Date.UTC(2026, 6, 1, 15, 0, 2),
    ask: 8.3,
    asksize: 31,
    ask_date: Date.UTC(2026, 6, 1, 15, 0, 1),
    last: 8.2,
    trade_date: Date.UTC(2026, 6, 1, 14, 59),
    volume: 420,
    open_interest: 3_100,
    greeks: {
      delta: 0.55,
      gamma: 0.01,
      theta: -0.08,
      vega: 0.3,
      rho: 0.1,
      phi: -0.1,
      bid_iv: 0.24,
      mid_iv: 0.25,
      ask_iv: 0.26,
      smv_vol: 0.248,
    },
    ...overrides,
  };
}
