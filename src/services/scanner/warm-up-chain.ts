import { createChainBuilder } from '../../domain/chain/chain-builder.ts';
import { CALL, type ChainSnapshot, PUT } from '../../domain/chain/chain-snapshot.ts';
import { black76Price } from '../../domain/pricing/black76.ts';

const DAY_MS = 86_400_000;
const SPOT = 100;
const LOWEST_STRIKE = 60;
const HIGHEST_STRIKE = 140;
const STRIKE_STEP = 0.5;
/** Days to expiration that every preset finds something in, and one that none does. */
const DAYS: readonly number[] = [10, 24, 38, 52, 120];

/** A made-up chain of about 1,300 contracts with a smile, spreads and liquid contracts; a short one would leave the loops over its rows unoptimised. */
export function warmUpChain(exerciseStyle: 'AMERICAN' | 'EUROPEAN', quotedAtMs: number): ChainSnapshot {
  const underlying = { symbol: 'WARM', kind: 'EQUITY', exerciseStyle, symbology: 'OCC', contractMultiplier: 100, currency: 'USD' } as const;
  const builder = createChainBuilder({ underlying, quotedAtMs, underlyingPrice: SPOT, source: 'warm-up' });
  for (const days of DAYS) {
    const expiration = builder.expiration('WARM', new Date(quotedAtMs + days * DAY_MS).toISOString().slice(0, 10));
    for (let strike = LOWEST_STRIKE; strike <= HIGHEST_STRIKE; strike += STRIKE_STEP) {
      const volatility = 0.5 + Math.abs(strike - SPOT) / 1_000;
      for (const right of [CALL, PUT] as const) {
        const price = black76Price(right, SPOT, strike, days / 365, volatility, 1);
        if (price < 0.05) continue;
        builder.record.strike = strike;
        builder.record.bid = Math.floor(price * 99) / 100;
        builder.record.ask = Math.ceil(price * 101) / 100;
        builder.record.volume = 500;
        builder.record.openInterest = 1_000;
        builder.add(expiration, right, strike);
      }
    }
  }
  return builder.build();
}
