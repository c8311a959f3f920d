import { METRICS } from '../../domain/candidates/metric.ts';
import type { Leg, ScanResult, ScoreComponent } from '../../domain/results/scan-result.ts';
import { encodePosition } from '../stream-log/cursor.ts';
import { heldMetrics } from './held-metrics.ts';
import { scanResultStream } from './scan-result-stream.ts';

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
  /** JSON of legsKey, legs without the names of their fields, values and explanations of the components. */
  readonly text: string;
  /** Apart from the others, because most readers ask for them: with what no text in PostgreSQL holds between two; null: none. */
  readonly reasons: string | null;
}

const BETWEEN_REASONS = '\0';

type ScorePart = Pick<ScoreComponent, 'name' | 'weight'>;
type PackedLeg = readonly [string, number] | readonly [string, number, 'CALL' | 'PUT', number, string, ...(number | null)[]];

/** More different ones than these are not in force at a time. */
const MOST_SHARED = 5_000;

export interface ResultPacker {
  pack(result: ScanResult): PackedResult;
  /** @param metrics at `offset` those of the result */
  unpack(packed: PackedResult, metrics: Float64Array, offset: number): HeldResult;
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
        ]),
        reasons: result.reasons.length === 0 ? null : result.reasons.join(BETWEEN_REASONS),
      };
    },
    unpack(packed, metrics, offset) {
      // A typed array of its own would take ten times as long to make.
      const own: number[] = [];
      for (let index = offset; index < offset + METRICS.length; index++) own.push(metrics[index]!);
      return new HeldResult(packed, own);
    },
  };
}

type Details = Pick<ScanResult, 'legsKey' | 'legs' | 'scoreComponents'>;

/** Most readers ask for little of a row: the rest stays packed until it is asked for. What has been asked for once is remembered. */
export class HeldResult implements ScanResult {
  readonly sequence: number;
  readonly detectedAtMs: number;
  readonly id: string;
  readonly scanRunId: string;
  readonly filterId: string;
  readonly filterRevision: number;
  readonly symbol: string;
  readonly strategy: ScanResult['strategy'];
  readonly expiration: string;
  readonly quotedAtMs: number;
  readonly marketState: ScanResult['marketState'];
  readonly metrics: ScanResult['metrics'];
  readonly #packed: PackedResult;
  #details: Details | null = null;
  #reasons: readonly string[] | null = null;
  #cursor: string | null = null;

  /** @param values its metrics, for itself */
  constructor(packed: PackedResult, values: readonly number[]) {
    this.sequence = packed.sequence;
    this.detectedAtMs = packed.detectedAtMs;
    this.id = packed.id;
    this.scanRunId = packed.scanRunId;
    this.filterId = packed.filterId;
    this.filterRevision = packed.filterRevision;
    this.symbol = packed.symbol;
    this.strategy = packed.strategy;
    this.expiration = packed.expiration;
    this.quotedAtMs = packed.quotedAtMs;
    this.marketState = packed.marketState;
    this.#packed = packed;
    this.metrics = heldMetrics(values, 0);
  }

  get legsKey(): string {
    return this.#unpacked().legsKey;
  }

  get legs(): readonly Leg[] {
    return this.#unpacked().legs;
  }

  get scoreComponents(): readonly ScoreComponent[] {
    return this.#unpacked().scoreComponents;
  }

  get reasons(): readonly string[] {
    this.#reasons ??= this.#packed.reasons?.split(BETWEEN_REASONS) ?? [];
    return this.#reasons;
  }

  /** Its position in the stream. */
  get cursor(): string {
    this.#cursor ??= encodePosition(scanResultStream.name, { atMs: this.detectedAtMs, sequence: this.sequence });
    return this.#cursor;
  }

  #unpacked(): Details {
    this.#details ??= unpackDetails(this.#packed);
    return this.#details;
  }
}

function unpackDetails({ parts, text }: PackedResult): Details {
  const [legsKey, packedLegs, values, explanations] = JSON.parse(text) as [string | null, PackedLeg[], (number | null)[], string[]];
  const legs = packedLegs.map(unpackLeg);
  return {
    legsKey: legsKey ?? keyOf(legs),
    legs,
    scoreComponents: parts.map(({ name, weight }, index) => ({
      name,
      weight,
      value: values[index]!,
      explanation: explanations[index]!,
    })),
  };
}

/** Unknown is NaN. */
export function packMetrics(result: ScanResult, metrics: Float64Array, offset: number): void {
  for (let index = 0; index < METRICS.length; index++) metrics[offset + index] = result.metrics[METRICS[index]!.name] ?? Number.NaN;
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
