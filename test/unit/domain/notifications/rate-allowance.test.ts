import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fullAllowance, takeAllowance } from '../../../../src/domain/notifications/rate-allowance.ts';

it('never allows more than a burst and what the time since allows, and says exactly how long to wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6_000 }),
      fc.array(fc.integer({ min: -5_000, max: 60_000 }), { maxLength: 200 }),
      (perMinute, steps) => {
        const burst = Math.max(1, Math.floor(perMinute / 10));
        let allowance = fullAllowance(perMinute, 0);
        let nowMs = 0;
        let forwardMs = 0;
        let taken = 0;
        let tooShort = 0;
        for (const step of steps) {
          nowMs += step;
          forwardMs += Math.max(0, step);
          const result = takeAllowance(allowance, perMinute, nowMs);
          if (result.waitMs === 0) taken++;
          else tooShort += takeAllowance(result.allowance, perMinute, nowMs + result.waitMs).waitMs;
          allowance = result.allowance;
        }
        expect(tooShort).toBe(0);
        expect(taken).toBeLessThanOrEqual(burst + (forwardMs * perMinute) / 60_000 + 1e-6);
      },
    ),
    // What two waits come to is a rounding error less than a message.
    { examples: [[1, [0, 22_392, 4_252]]] },
  );
});
