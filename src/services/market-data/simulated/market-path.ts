import { DAY_MS } from '../../../domain/calendar/day-number.ts';
import { BRIDGE_STEPS, brownianBridge } from './brownian-bridge.ts';
import { type DayMove, dayKey, dayMove, mix } from './day-move.ts';
import type { PathParameters, PathState } from './path-state.ts';
import { randomKey } from './random-key.ts';

/** The first day of every path, 2020-01-01 UTC; before it prices stand still. */
export const FIRST_DAY = Date.UTC(2020, 0, 1) / DAY_MS;

export interface MarketPathDeps {
  /** 0 to 2³²-1. */
  readonly seed: number;
  /** Underlyings with the same name move together (SPX and SPY). */
  readonly name: string;
  readonly parameters: PathParameters;
  /** Market days per calendar day: 1 is lifelike, 0 stands still. */
  readonly speed: number;
}

/** The movement of one underlying: a function of time (epoch milliseconds, UTC), seed and name, whatever was asked before. */
export interface MarketPath {
  at(utcMs: number): PathState;
  /** Where the path was at the beginning of the UTC day. */
  atStartOfDay(day: number): PathState;
  /** The day that was asked for last; what is asked of the next ones begins there. */
  day(): number;
}

const START: PathState = { logPrice: 0, slowVolatility: 0, fastVolatility: 0 };

/**
 * A path is a chain of days (dayMove), each day filled in by Brownian bridges between its ends, in steps of 659 ms. A clock that jumps by hours costs nothing;
 * one that jumps by years costs about 0.2 µs a day; one that goes back starts over from the first day.
 */
export function createMarketPath({ seed, name, parameters, speed }: MarketPathDeps): MarketPath {
  const years = speed / 365;
  const marketKey = randomKey(seed, 'market');
  const ownKey = randomKey(randomKey(seed, 'path'), name);
  let day = FIRST_DAY;
  let start = START;
  let move = moveOf(day, start);

  function moveOf(someDay: number, state: PathState): DayMove {
    return dayMove(parameters, state, years, dayKey(marketKey, someDay), dayKey(ownKey, someDay));
  }

  function seek(target: number): void {
    if (target < day) {
      day = FIRST_DAY;
      start = START;
      move = moveOf(day, start);
    }
    while (day < target) {
      day++;
      start = move.end;
      move = moveOf(day, start);
    }
  }

  function atStartOfDay(someDay: number): PathState {
    seek(Math.max(FIRST_DAY, someDay));
    return start;
  }

  function at(utcMs: number): PathState {
    const wanted = Math.floor(utcMs / DAY_MS);
    if (wanted < FIRST_DAY) return START;
    seek(wanted);
    const step = Math.floor(((utcMs - wanted * DAY_MS) / DAY_MS) * BRIDGE_STEPS);
    const share = step / BRIDGE_STEPS;
    const own = dayKey(ownKey, day);
    const price = mix(
      parameters.marketCorrelation,
      brownianBridge(randomKey(dayKey(marketKey, day), 'price'), step),
      brownianBridge(randomKey(own, 'price'), step),
    );
    const fast = mix(parameters.leverage, price, brownianBridge(randomKey(own, 'fast'), step));
    const { end, jump, fastJump } = move;
    const jumped = share >= move.jumpMoment ? 1 : 0;
    return {
      logPrice: between(start.logPrice, end.logPrice - jump, share) + move.priceDeviation * price + jumped * jump,
      slowVolatility: between(start.slowVolatility, end.slowVolatility, share),
      fastVolatility: between(start.fastVolatility, end.fastVolatility - fastJump, share) + move.fastDeviation * fast + jumped * fastJump,
    };
  }

  return { at, atStartOfDay, day: () => day };
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
