import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import type { ContractRoots } from './contract-roots.ts';
import type { ListingRule } from './expiration-schedule.ts';
import type { PathParameters } from './path-state.ts';
import type { TickRule } from './tick-rule.ts';
import type { SmileParameters } from './volatility-surface.ts';

/** Everything that makes one underlying of the simulated market. */
export interface SimulatedUnderlying {
  readonly profile: UnderlyingProfile;
  /** Whose path the price follows: SPY moves as SPX does. */
  readonly pathName: string;
  /** Price the path starts at and comes back to, in the currency of the profile. */
  readonly referencePrice: number;
  readonly path: PathParameters;
  readonly smile: SmileParameters;
  /** Continuous, per year, decimal; for coins the negative of the basis. */
  readonly dividendYield: number;
  readonly listing: ListingRule;
  readonly roots: ContractRoots;
  /** Distance of neighbouring strikes near the money and near expiration. */
  readonly strikeStep: number;
  /** Strikes per expiration, about; the near-the-money half is spaced more densely. */
  readonly strikesPerExpiration: number;
  readonly ticks: TickRule;
  /** Width of quotes; 1 is Russell 2000 index options of 2023, 0.2 the tightest of funds. */
  readonly spreadFactor: number;
  /** Typical open interest of an at-the-money contract of a monthly expiration one month out. */
  readonly openInterest: number;
}
