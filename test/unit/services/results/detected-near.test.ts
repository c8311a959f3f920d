import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { detectedNear } from '../../../../src/services/results/detected-near.ts';

const HOUR = 3_600_000;
const at = Date.UTC(2026, 10, 21, 12);

describe('when results of some ids were stored', () => {
  it('is an hour around the moments that the ids tell', () => {
    expect(detectedNear([uuidv7({ msecs: at })])).toEqual({ fromMs: at - HOUR, toMs: at + HOUR });
    expect(detectedNear([uuidv7({ msecs: at }), uuidv7({ msecs: at - 5 * HOUR }).toUpperCase()])).toEqual({
      fromMs: at - 6 * HOUR,
      toMs: at + HOUR,
    });
  });

  it('is not known when one of them tells none', () => {
    expect(detectedNear([])).toBeNull();
    expect(detectedNear([uuidv7({ msecs: at }), uuidv4()])).toBeNull();
    expect(detectedNear(['nonsense'])).toBeNull();
  });
});
