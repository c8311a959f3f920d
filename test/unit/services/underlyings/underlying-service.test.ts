import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';
import { createUnderlyingService } from '../../../../src/services/underlyings/underlying-service.ts';
import type { VolatilityDay } from '../../../../src/services/underlyings/underlying-store.ts';
import { createVolatilityHistory } from '../../../../src/services/underlyings/volatility-history.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

type Kind = 'EQUITY' | 'CRYPTO';

function aService({ failures = 0 } = {}) {
  const saved: (readonly VolatilityDay[])[] = [];
  let left = failures;
  const service = createUnderlyingService({
    store: {
      async save(_rows, days) {
        if (left-- > 0) throw new Error('the database is away');
        saved.push(days);
      },
      bySymbols: async () => [],
      page: async () => ({ rows: [], hasNextPage: false, hasPreviousPage: false }),
      volatilityHistory: async () => [],
    },
    history: createVolatilityHistory(),
    release: () => {},
    log: pino({ level: 'silent' }),
    clock: () => Date.parse('2026-07-25T00:00:00Z'),
  });
  const scan = (day: string, volatility: number, kind: Kind = 'EQUITY') => {
    const snapshot = aChain('AAA', { quotedAtMs: Date.parse(`${day}T19:00:00Z`) });
    const chain = { snapshot: { ...snapshot, underlying: { ...snapshot.underlying, kind } } } as PricedChain;
    service.scanned(chain, volatility);
  };
  return { service, scan, saved, rank: (day: string) => service.rank('AAA', Date.parse(`${day}T19:00:00Z`), 0.5) };
}

/** Ten trading days from Monday, 2026-07-06, to Friday, 2026-07-17, and the weekend between. */
const TRADING_DAYS = [6, 7, 8, 9, 10, 13, 14, 15, 16, 17].map((day) => `2026-07-${String(day).padStart(2, '0')}`);

describe('the volatility history of underlyings', () => {
  it('knows every day that was scanned between two saves, by its last value', async () => {
    const { service, scan, saved } = aService();
    scan('2026-07-06', 0.2);
    scan('2026-07-07', 0.3);
    scan('2026-07-07', 0.31);
    await service.stop();
    expect(saved).toEqual([
      [
        { symbol: 'AAA', day: '2026-07-06', impliedVolatility30d: 0.2 },
        { symbol: 'AAA', day: '2026-07-07', impliedVolatility30d: 0.31 },
      ],
    ]);
  });

  it('saves again what could not be saved, with what came since', async () => {
    const { service, scan, saved } = aService({ failures: 1 });
    scan('2026-07-06', 0.2);
    scan('2026-07-07', 0.3);
    await service.stop();
    expect(saved).toEqual([]);
    scan('2026-07-07', 0.31);
    await service.stop();
    expect(saved.flat().map(({ day, impliedVolatility30d }) => [day, impliedVolatility30d])).toEqual([
      ['2026-07-06', 0.2],
      ['2026-07-07', 0.31],
    ]);
  });

  it('counts no day on which the market is closed', async () => {
    const { service, scan, saved, rank } = aService();
    for (const day of TRADING_DAYS.slice(0, 9)) scan(day, 0.2);
    scan('2026-07-11', 0.2);
    scan('2026-07-12', 0.2);
    expect(rank('2026-07-18').ivRank).toBeNaN();
    scan('2026-07-17', 0.2);
    expect(rank('2026-07-18')).toEqual({ ivRank: 100, ivPercentile: 100 });
    await service.stop();
    expect(saved.flat().map(({ day }) => day)).toEqual(TRADING_DAYS);
  });

  it('counts every day of crypto', () => {
    const { scan, rank } = aService();
    for (let day = 6; day <= 15; day++) scan(`2026-07-${String(day).padStart(2, '0')}`, 0.2, 'CRYPTO');
    expect(rank('2026-07-16')).toEqual({ ivRank: 100, ivPercentile: 100 });
  });
});
