import type { ChainSnapshot } from '../chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../chain/underlying-profile.ts';
import { atTheMoneyVolatility } from './at-the-money-volatility.ts';
import { createColumnPool } from './column-pool.ts';
import { createForwardFinder } from './forward-finder.ts';
import type { PreparedChain } from './prepared-chain.ts';
import type { PricedChain } from './priced-chain.ts';
import { flatRateCurve, type RateCurve } from './rate-curve.ts';
import { borrowDeviations } from './slice-borrowed-deviations.ts';
import { correctForEarlyExercise } from './slice-early-exercise.ts';
import { fillSliceGreeks } from './slice-greeks.ts';
import { createSliceScratch, growSliceScratch } from './slice-scratch.ts';
import { createSliceTerms } from './slice-terms.ts';
import { solveSliceVolatilities } from './slice-volatilities.ts';
import { US_POLICY_RATE_CURVE } from './us-policy-rate-curve.ts';

export interface ChainPricerOptions {
  /**
   * Rates to discount an underlying's options at. Default: US_POLICY_RATE_CURVE for prices in USD, 0 for crypto-currencies (their options are margined in
   * the coin, and their forwards carry the whole basis) and for other currencies.
   */
  readonly rateCurve?: (underlying: UnderlyingProfile) => RateCurve;
  /** Continuous dividend yield per year for expirations whose forward neither the source, nor parity, nor a neighbouring expiration tells. Default 0. */
  readonly dividendYield?: (underlying: UnderlyingProfile) => number;
  /** Sets of columns kept for reuse after `release`; default 4. */
  readonly maximumIdleColumns?: number;
}

/**
 * Prices chains. One pricer may have several chains in hand, but each call runs to its end alone (it works in scratch memory of its own).
 *
 * Who owns what: the snapshot stays the caller's and is only read. The chain that `prepare` or `price` returns, with its columns, is the caller's until it
 * hands it to `release`; after that it must not be read, as the next `prepare` writes into the same memory. A chain that is never released is simply
 * collected as garbage: release is for callers that scan without end and want no garbage.
 */
export interface ChainPricer {
  /** Columns full of NaN and every expiration null, ready for priceExpiration. `asOfMs`: moment of pricing, epoch milliseconds UTC; default: when the quotes were true. */
  prepare(snapshot: ChainSnapshot, asOfMs?: number): PreparedChain;
  /** Prices slice `index` into the chain's columns and sets chain.expirations[index]; leaves NaN and null when it has expired or no forward can be found. */
  priceExpiration(chain: PreparedChain, index: number): void;
  /** prepare and priceExpiration of every slice. */
  price(snapshot: ChainSnapshot, asOfMs?: number): PreparedChain;
  /** Gives a chain's columns back for reuse by a later prepare. Releasing twice does nothing. */
  release(chain: PricedChain): void;
}

const NO_INTEREST = flatRateCurve(0);

function standardRateCurve(underlying: UnderlyingProfile): RateCurve {
  return underlying.currency === 'USD' && underlying.kind !== 'CRYPTO' ? US_POLICY_RATE_CURVE : NO_INTEREST;
}

export function createChainPricer(options: ChainPricerOptions = {}): ChainPricer {
  const rateCurve = options.rateCurve ?? standardRateCurve;
  const dividendYield = options.dividendYield ?? (() => 0);
  const pool = createColumnPool(options.maximumIdleColumns ?? 4);
  const forwards = createForwardFinder();
  const terms = createSliceTerms();
  const scratch = createSliceScratch();

  function prepare(snapshot: ChainSnapshot, asOfMs = snapshot.quotedAtMs): PreparedChain {
    return { snapshot, asOfMs, columns: pool.take(snapshot.size), expirations: snapshot.expirations.map(() => null) };
  }

  function priceExpiration(chain: PreparedChain, index: number): void {
    const { snapshot, columns } = chain;
    const { underlying, quotes } = snapshot;
    const slice = snapshot.expirations[index]!;
    const found = forwards.fill(terms, snapshot, index, chain.asOfMs, rateCurve(underlying), dividendYield(underlying));
    if (!found) {
      chain.expirations[index] = null;
      return;
    }
    growSliceScratch(scratch, slice.end - slice.start);
    solveSliceVolatilities(snapshot, slice, terms, columns, scratch);
    if (underlying.exerciseStyle === 'AMERICAN') correctForEarlyExercise(quotes.strike, slice, terms, columns, scratch);
    borrowDeviations(quotes.strike, slice, terms, scratch);
    fillSliceGreeks(slice, terms, columns, scratch);
    chain.expirations[index] = {
      yearFraction: terms.yearFraction,
      forward: terms.forward,
      forwardSource: terms.forwardSource,
      rate: terms.rate,
      atTheMoneyVolatility: atTheMoneyVolatility(quotes.strike, columns.impliedVolatility, slice, terms.forward, terms.yearFraction),
    };
  }

  return {
    prepare,
    priceExpiration,
    price(snapshot, asOfMs) {
      const chain = prepare(snapshot, asOfMs);
      for (let index = 0; index < chain.expirations.length; index++) priceExpiration(chain, index);
      return chain;
    },
    release(chain) {
      pool.giveBack(chain.columns);
    },
  };
}
