import { expect, it } from 'vitest';
import { ValidationError } from '../../../../src/domain/errors/validation-error.ts';
import { grantDelivery } from '../../../../src/services/subscriptions/delivery-grant.ts';

const LIMITS = { maximumBuffer: 100, bufferBytes: 5_000 };

it('grants everything in order, as it comes, with the whole buffer, to who asks for nothing', () => {
  const granted = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'CLOSE', buffer: 100, bufferBytes: 5_000 };
  expect(grantDelivery(null, LIMITS)).toEqual(granted);
  expect(grantDelivery({ contract: null, buffer: null }, LIMITS)).toEqual(granted);
});

it('grants no more than the server allows', () => {
  expect(grantDelivery({ contract: 'LATEST', maxRatePerSecond: 2, overflow: 'CONFLATE', buffer: 10_000 }, LIMITS)).toEqual({
    contract: 'LATEST',
    maxRatePerSecond: 2,
    overflow: 'CONFLATE',
    buffer: 100,
    bufferBytes: 5_000,
  });
  expect(grantDelivery({ maxRatePerSecond: 1e9 }, LIMITS).maxRatePerSecond).toBeNull();
});

it.each([
  [{ maxRatePerSecond: 0 }, 'delivery.maxRatePerSecond'],
  [{ maxRatePerSecond: -1 }, 'delivery.maxRatePerSecond'],
  [{ maxRatePerSecond: Number.NaN }, 'delivery.maxRatePerSecond'],
  [{ buffer: 0 }, 'delivery.buffer'],
])('refuses %j', (request, path) => {
  expect(() => grantDelivery(request, LIMITS)).toThrow(ValidationError);
  expect(() => grantDelivery(request, LIMITS)).toThrow(path);
});
