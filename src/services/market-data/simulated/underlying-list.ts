import { inventedUnderlying } from './invented-underlying.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import { coinPreset, fundPreset, indexFundPreset, indexPreset, stockPreset } from './underlying-presets.ts';

const monthlyListing = { listing: 'MONTHLY' } as const;

/**
 * The underlyings of the simulated market under names everybody knows, with prices, volatilities and liquidity of the order these names have had in recent years.
 * The order is that of `underlyings`: a market of twenty has the first twenty. Beyond the list come invented stocks.
 */
const KNOWN: readonly SimulatedUnderlying[] = [
  indexPreset('SPX', 'SPXW', { price: 6600, volatility: 0.17, spread: 0.5, openInterest: 6000, overrides: { strikesPerExpiration: 54 } }),
  indexFundPreset('SPY', 'SPX', {
    price: 660,
    volatility: 0.17,
    spread: 0.2,
    openInterest: 9000,
    overrides: { strikeStep: 1, strikesPerExpiration: 40 },
  }),
  indexFundPreset('QQQ', 'NDX', {
    price: 600,
    volatility: 0.22,
    spread: 0.2,
    openInterest: 6000,
    overrides: { strikeStep: 1, strikesPerExpiration: 36 },
  }),
  stockPreset('AAPL', { price: 260, volatility: 0.28, spread: 0.75, openInterest: 6000 }),
  stockPreset('NVDA', { price: 185, volatility: 0.45, spread: 0.6, openInterest: 9000 }),
  stockPreset('TSLA', { price: 430, volatility: 0.56, spread: 0.7, openInterest: 5000 }),
  coinPreset('BTC', {
    price: 95_000,
    volatility: 0.5,
    spread: 1.4,
    openInterest: 300,
    overrides: { strikeStep: 500, strikesPerExpiration: 34 },
  }),
  stockPreset('MSFT', { price: 510, volatility: 0.25, spread: 1, openInterest: 3000 }),
  stockPreset('AMZN', { price: 230, volatility: 0.33, spread: 0.9, openInterest: 4000 }),
  indexPreset('RUT', 'RUTW', { price: 2400, volatility: 0.23, spread: 1, openInterest: 700, overrides: { strikesPerExpiration: 34 } }),
  indexFundPreset('IWM', 'RUT', {
    price: 240,
    volatility: 0.23,
    spread: 0.35,
    openInterest: 5000,
    overrides: { strikeStep: 1, strikesPerExpiration: 28 },
  }),
  stockPreset('META', { price: 650, volatility: 0.36, spread: 1, openInterest: 1800 }),
  coinPreset('ETH', {
    price: 3200,
    volatility: 0.68,
    spread: 1.6,
    openInterest: 2500,
    overrides: { strikeStep: 25, strikesPerExpiration: 28 },
  }),
  stockPreset('AMD', { price: 220, volatility: 0.52, spread: 0.9, openInterest: 4500 }),
  stockPreset('GOOGL', { price: 280, volatility: 0.31, spread: 0.9, openInterest: 3000 }),
  indexPreset('NDX', 'NDXP', {
    price: 24_500,
    volatility: 0.22,
    spread: 1.1,
    openInterest: 160,
    overrides: { strikeStep: 25, strikesPerExpiration: 36 },
  }),
  fundPreset('GLD', {
    price: 380,
    volatility: 0.18,
    spread: 0.5,
    openInterest: 3500,
    overrides: { smile: { skew: 0.1, curvature: 0.8 }, dividendYield: 0 },
  }),
  fundPreset('TLT', {
    price: 89,
    volatility: 0.14,
    spread: 0.5,
    openInterest: 5000,
    overrides: { smile: { skew: -0.05, curvature: 0.8 }, dividendYield: 0.04 },
  }),
  stockPreset('COIN', {
    price: 310,
    volatility: 0.78,
    spread: 0.9,
    openInterest: 1200,
    overrides: { smile: { skew: -0.1, curvature: 0.8 } },
  }),
  stockPreset('PLTR', {
    price: 175,
    volatility: 0.62,
    spread: 0.6,
    openInterest: 4500,
    overrides: { smile: { skew: -0.15, curvature: 0.8 } },
  }),
  stockPreset('NFLX', { price: 1100, volatility: 0.36, spread: 1.35, openInterest: 500 }),
  stockPreset('JPM', { price: 305, volatility: 0.24, spread: 1.35, openInterest: 1300 }),
  fundPreset('XLF', { price: 53, volatility: 0.19, spread: 0.5, openInterest: 5000 }),
  fundPreset('SMH', { price: 330, volatility: 0.34, spread: 1.2, openInterest: 700 }),
  stockPreset('MSTR', {
    price: 290,
    volatility: 0.85,
    spread: 0.9,
    openInterest: 1500,
    overrides: { smile: { skew: -0.1, curvature: 0.8 } },
  }),
  stockPreset('INTC', { price: 38, volatility: 0.48, spread: 0.75, openInterest: 7000 }),
  stockPreset('AVGO', { price: 350, volatility: 0.45, spread: 1.35, openInterest: 1500 }),
  stockPreset('BA', { price: 210, volatility: 0.34, spread: 1.35, openInterest: 1200 }),
  fundPreset('EEM', { price: 54, volatility: 0.19, spread: 0.6, openInterest: 4500 }),
  fundPreset('XLE', { price: 90, volatility: 0.25, spread: 0.6, openInterest: 3000, overrides: { dividendYield: 0.03 } }),
  stockPreset('DIS', { price: 112, volatility: 0.29, spread: 1.35, openInterest: 2000 }),
  stockPreset('XOM', { price: 116, volatility: 0.24, spread: 1.2, openInterest: 2500, overrides: { dividendYield: 0.033 } }),
  stockPreset('GME', { price: 24, volatility: 0.75, spread: 1.5, openInterest: 4000, overrides: { smile: { skew: 0.1, curvature: 0.9 } } }),
  stockPreset('F', { price: 13, volatility: 0.36, spread: 1.5, openInterest: 8000, overrides: { dividendYield: 0.045 } }),
  fundPreset('USO', {
    price: 72,
    volatility: 0.36,
    spread: 0.9,
    openInterest: 1500,
    overrides: { smile: { skew: 0.05, curvature: 0.8 }, dividendYield: 0 },
  }),
  stockPreset('BAC', { price: 52, volatility: 0.26, spread: 0.9, openInterest: 5000, overrides: { dividendYield: 0.021 } }),
  stockPreset('COST', { price: 930, volatility: 0.24, spread: 1.8, openInterest: 350, overrides: monthlyListing }),
  stockPreset('LLY', { price: 900, volatility: 0.34, spread: 1.95, openInterest: 400 }),
  stockPreset('KO', {
    price: 70,
    volatility: 0.17,
    spread: 1.5,
    openInterest: 2500,
    overrides: { ...monthlyListing, dividendYield: 0.029 },
  }),
  stockPreset('CAT', { price: 540, volatility: 0.31, spread: 2.1, openInterest: 350, overrides: monthlyListing }),
];

/** The first `count` underlyings of the market. */
export function underlyingList(count: number): SimulatedUnderlying[] {
  return Array.from({ length: count }, (_, index) => KNOWN[index] ?? inventedUnderlying(index - KNOWN.length));
}
