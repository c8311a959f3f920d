import { randomKey } from './random-key.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import { standardNormal } from './standard-normal.ts';
import { stockPreset } from './underlying-presets.ts';
import { uniform } from './uniform.ts';

const LETTERS = 26;

/** Stock number 0, 1, … of no company: ZQAA, ZQAB and so on, with traits that depend on the number alone. @param number 0 to 675; beyond, a letter more */
export function inventedUnderlying(number: number): SimulatedUnderlying {
  const symbol = `ZQ${letters(number)}`;
  const key = randomKey(0, symbol);
  return stockPreset(symbol, {
    price: Math.round(90 * Math.exp(0.8 * standardNormal(key, 0))),
    volatility: Math.round((0.2 + 0.5 * uniform(key, 1) ** 2) * 100) / 100,
    spread: Math.round((1 + 2 * uniform(key, 2)) * 10) / 10,
    openInterest: Math.round(150 * Math.exp(2.5 * uniform(key, 3))),
    overrides: { listing: uniform(key, 4) < 0.3 ? 'WEEKLY' : 'MONTHLY' },
  });
}

function letters(number: number): string {
  const rest = Math.floor(number / LETTERS);
  const last = String.fromCharCode(65 + (number % LETTERS));
  return rest < LETTERS ? `${String.fromCharCode(65 + rest)}${last}` : `${letters(rest - LETTERS)}${last}`;
}
