import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { Underlying } from '../../src/domain/chain/underlying.ts';
import { createUnderlyingStore, type UnderlyingStore } from '../../src/services/underlyings/underlying-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let store: UnderlyingStore;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 1, statementTimeoutMs: 60_000, applicationName: 'underlyings' });
  store = createUnderlyingStore(database);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function anUnderlying(symbol: string, own: Partial<Underlying> = {}): Underlying {
  return {
    symbol,
    kind: 'INDEX',
    exerciseStyle: 'EUROPEAN',
    symbology: 'OCC',
    contractMultiplier: 100,
    currency: 'USD',
    price: 5_012.123_456_789,
    impliedVolatility30d: 0.1,
    contracts: 20_000,
    expirations: 40,
    quotedAtMs: 1_700_000_000_123,
    scannedAtMs: 1_700_000_001_999,
    ...own,
  };
}

it('gives back what was saved last, whatever it is made of', async () => {
  const quoted = anUnderlying('it\'s "one" \\ two\t', { contractMultiplier: 0.1 + 0.2 });
  const unknown = anUnderlying('ZZZ', { price: null, impliedVolatility30d: null, contracts: 0, expirations: 0 });
  await store.save([quoted, unknown], []);
  expect(await store.bySymbols([quoted.symbol, 'ZZZ'])).toEqual(expect.arrayContaining([quoted, unknown]));
  const later = anUnderlying('ZZZ', {
    kind: 'CRYPTO',
    exerciseStyle: 'AMERICAN',
    symbology: 'DERIBIT',
    contractMultiplier: 1,
    currency: 'BTC',
    price: 1e-5,
    contracts: 7,
    expirations: 3,
    quotedAtMs: 1_800_000_000_001,
    scannedAtMs: 1_800_000_000_002,
  });
  await store.save([later], []);
  expect(await store.bySymbols(['ZZZ'])).toEqual([later]);
  expect(await store.bySymbols([quoted.symbol])).toEqual([quoted]);
});

it('keeps one volatility for each symbol and day, the last one', async () => {
  const day = (symbol: string, date: string, impliedVolatility30d: number) => ({ symbol, day: date, impliedVolatility30d });
  await store.save([], [day('AAA', '2026-01-05', 0.2), day('AAA', '2026-01-06', 0.25), day('BBB', '2026-01-05', 0.3)]);
  await store.save([], [day('AAA', '2026-01-05', 0.123_456_789_012_345)]);
  expect(await store.volatilityHistory()).toEqual([
    day('AAA', '2026-01-05', 0.123_456_789_012_345),
    day('AAA', '2026-01-06', 0.25),
    day('BBB', '2026-01-05', 0.3),
  ]);
});

it('saves some hundred at once, and nothing at all', async () => {
  const many = Array.from({ length: 700 }, (_, index) => anUnderlying(`M${String(index).padStart(3, '0')}`, { contracts: index }));
  await store.save(many, []);
  await store.save([], []);
  const { rows } = await store.page({ direction: 'forward', limit: 700, cursor: 'M' });
  expect(rows).toEqual(many);
});
