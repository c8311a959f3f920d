import { METRICS, type MetricName } from '../../domain/candidates/metric.ts';
import type { Leg, ScanResult, ScoreComponent } from '../../domain/results/scan-result.ts';

/**
 * A result in less than half of the memory that it takes as objects: its numbers lie elsewhere (see `packMetrics`), and what only readers of the whole row need is one text. What
 * many results have in common is held once.
 */
export interface PackedResult
  extends Pick<
    ScanResult,
    | 'sequence'
    | 'detectedAtMs'
    | 'id'
    | 'scanRunId'
    | 'filterId'
    | 'filterRevision'
    | 'symbol'
    | 'strategy'
    | 'expiration'
    | 'quotedAtMs'
    | 'marketState'
  > {
  /** Names and weights of the components of the score. */
  readonly parts: readonly ScorePart[];
  /** JSON of legsKey, legs without the names of their fields, values and explanations of the components, reasons. */
  readonly text: string;
}

type ScorePart = Pick<ScoreComponent, 'name' | 'weight'>;
type PackedLeg = readonly [string, number] | readonly [string, number, 'CALL' | 'PUT', number, string, ...(number | null)[]];

/** More different ones than these are not in force at a time. */
const MOST_SHARED = 5_000;

export interface ResultPacker {
  pack(result: ScanResult): PackedResult;
  /** @param metrics at `offset` those of the result */
  unpack(packed: PackedResult, metrics: Float64Array, offset: number): ScanResult;
}

export function createResultPacker(): ResultPacker {
  const texts = new Map<string, string>();
  const scores = new Map<string, readonly ScorePart[]>();

  function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= MOST_SHARED) known.clear();
      value = make();
      known.set(key, value);
    }
    return value;
  }
  const sharedText = <Text extends string>(text: Text): Text => shared(texts, text, () => text) as Text;

  return {
    pack(result) {
      const { scoreComponents } = result;
      let key = '';
      for (const { name, weight } of scoreComponents) key += `${name} ${weight} `;
      return {
        sequence: result.sequence,
        detectedAtMs: result.detectedAtMs,
        id: result.id,
        scanRunId: sharedText(result.scanRunId),
        filterId: sharedText(result.filterId),
        filterRevision: result.filterRevision,
        symbol: sharedText(result.symbol),
        strategy: sharedText(result.strategy),
        expiration: sharedText(result.expiration),
        quotedAtMs: result.quotedAtMs,
        marketState: sharedText(result.marketState),
        parts: shared(scores, key, () => scoreComponents.map(({ name, weight }) => ({ name, weight }))),
        text: JSON.stringify([
          result.legsKey === keyOf(result.legs) ? null : result.legsKey,
          result.legs.map(packLeg),
          scoreComponents.map(({ value }) => value),
          scoreComponents.map(({ explanation }) => explanation),
          result.reasons,
        ]),
      };
    },
    unpack({ parts, text, ...rest }, metrics, offset) {
      const [legsKey, legs, values, explanations, reasons] = JSON.parse(text) as [
        string | null,
        PackedLeg[],
        (number | null)[],
        string[],
        string[],
      ];
      const unpacked = legs.map(unpackLeg);
      return {
        ...rest,
        legsKey: legsKey ?? keyOf(unpacked),
        legs: unpacked,
        metrics: unpackMetrics(metrics, offset),
        scoreComponents: parts.map(({ name, weight }, index) => ({
          name,
          weight,
          value: values[index]!,
          explanation: explanations[index]!,
        })),
        reasons,
      };
    },
  };
}

/** Unknown is NaN. */
export function packMetrics(result: ScanResult, metrics: Float64Array, offset: number): void {
  for (let index = 0; index < METRICS.length; index++) metrics[offset + index] = result.metrics[METRICS[index]!.name] ?? Number.NaN;
}

/** @param into reused where nobody keeps it */
export function unpackMetrics(
  metrics: Float64Array,
  offset: number,
  into = {} as Record<MetricName, number | null>,
): Record<MetricName, number | null> {
  for (let index = 0; index < METRICS.length; index++) {
    const value = metrics[offset + index]!;
    into[METRICS[index]!.name] = Number.isNaN(value) ? null : value;
  }
  return into;
}

/** The key of a position as `legsKey` makes it; one that was made otherwise is held besides. */
function keyOf(legs: readonly Leg[]): string {
  return legs.map(({ quantity, symbol }) => `${quantity > 0 ? '+' : ''}${quantity} ${symbol}`).join(',');
}

function packLeg(leg: Leg): PackedLeg {
  if (leg.kind === 'STOCK') return [leg.symbol, leg.quantity];
  const { symbol, quantity, right, strike, expiration, bid, ask, impliedVolatility, delta } = leg;
  return [symbol, quantity, right, strike, expiration, bid, ask, impliedVolatility, delta];
}

function unpackLeg([symbol, quantity, ...option]: PackedLeg): Leg {
  if (option.length === 0) return { kind: 'STOCK', symbol, quantity };
  const [right, strike, expiration, bid, ask, impliedVolatility, delta] = option as ['CALL' | 'PUT', number, string, ...(number | null)[]];
  return {
    kind: 'OPTION',
    symbol,
    right,
    strike,
    expiration,
    quantity,
    bid: bid ?? null,
    ask: ask ?? null,
    impliedVolatility: impliedVolatility ?? null,
    delta: delta ?? null,
  };
}
