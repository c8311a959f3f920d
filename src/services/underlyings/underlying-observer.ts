import { underlyingMetrics } from '../../domain/analytics/underlying-metrics.ts';
import type { UnderlyingObservationDraft } from '../../domain/analytics/underlying-observation.ts';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';
import type { VolatilityRank } from '../../domain/volatility/volatility-rank.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';

export interface UnderlyingObserverDeps {
  readonly writer: Pick<StreamWriter<UnderlyingObservationDraft>, 'accept'>;
  readonly newId: () => string;
}

/** Keeps what each scanned chain says of its underlying. */
export interface UnderlyingObserver {
  /**
   * A chain that says what the last one of its underlying said, quoted at the same moment, is left out: a source that repeats itself tells nothing new.
   * @returns whether it was new; resolves once it is held until it is committed
   * @throws the signal's reason when given up before
   */
  observe(chain: PricedChain, rank: VolatilityRank, scanRunId: string, signal: AbortSignal): Promise<boolean>;
}

export function createUnderlyingObserver({ writer, newId }: UnderlyingObserverDeps): UnderlyingObserver {
  /** By symbol: what was said last, and when it was true. */
  const latest = new Map<string, string>();

  return {
    async observe(chain, rank, scanRunId, signal) {
      const { underlying, quotedAtMs } = chain.snapshot;
      const metrics = underlyingMetrics(chain, rank);
      const said = `${quotedAtMs} ${JSON.stringify(metrics)}`;
      if (latest.get(underlying.symbol) === said) return false;
      await writer.accept([{ id: newId(), symbol: underlying.symbol, scanRunId, quotedAtMs, metrics }], signal);
      latest.set(underlying.symbol, said);
      return true;
    },
  };
}
