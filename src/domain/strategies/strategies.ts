import { bearCallSpread } from './bear-call-spread.ts';
import { bearPutSpread } from './bear-put-spread.ts';
import { bullCallSpread } from './bull-call-spread.ts';
import { bullPutSpread } from './bull-put-spread.ts';
import { cashSecuredPut } from './cash-secured-put.ts';
import { coveredCall } from './covered-call.ts';
import { ironCondor } from './iron-condor.ts';
import { longCall } from './long-call.ts';
import { longPut } from './long-put.ts';
import { longStraddle } from './long-straddle.ts';
import { longStrangle } from './long-strangle.ts';
import { shortStraddle } from './short-straddle.ts';
import { shortStrangle } from './short-strangle.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy, in the order of STRATEGY_IDS: a strategy's place is its code. */
export const STRATEGIES: readonly Strategy[] = [
  longCall,
  longPut,
  coveredCall,
  cashSecuredPut,
  bullCallSpread,
  bearPutSpread,
  bullPutSpread,
  bearCallSpread,
  ironCondor,
  shortStrangle,
  longStrangle,
  shortStraddle,
  longStraddle,
];

/** The most candidates one expiration can give with every strategy: the capacity a batch needs. */
export const MAXIMUM_CANDIDATES_PER_EXPIRATION = STRATEGIES.reduce((sum, strategy) => sum + strategy.maximumPerExpiration, 0);
