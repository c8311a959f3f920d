import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';

/** EVERY: all rows. LATEST: the newest row of each key; what it replaces is left out and does not count as missed. */
export const DELIVERY_CONTRACTS = ['EVERY', 'LATEST'] as const;
export type DeliveryContract = (typeof DELIVERY_CONTRACTS)[number];

/** What happens when a subscriber takes less than comes: its connection is closed, its oldest rows are dropped, or only the newest row of each key is kept. */
export const OVERFLOW_POLICIES = ['CLOSE', 'DROP_OLDEST', 'CONFLATE'] as const;
export type OverflowPolicy = (typeof OVERFLOW_POLICIES)[number];

/** What a subscriber asks for. */
export interface DeliveryRequest {
  readonly contract?: DeliveryContract | null | undefined;
  /** Most items per second; nothing: as they come. */
  readonly maxRatePerSecond?: number | null | undefined;
  readonly overflow?: OverflowPolicy | null | undefined;
  /** Most rows that wait for it. */
  readonly buffer?: number | null | undefined;
}

/** What it gets. */
export interface DeliveryGrant {
  readonly contract: DeliveryContract;
  readonly maxRatePerSecond: number | null;
  readonly overflow: OverflowPolicy;
  /** Rows. */
  readonly buffer: number;
  /** Bytes of ready messages that wait besides. */
  readonly bufferBytes: number;
}

export interface DeliveryLimits {
  /** Greatest buffer granted, and the one granted when nothing is asked for; rows. */
  readonly maximumBuffer: number;
  readonly bufferBytes: number;
}

const SLOWEST_RATE_PER_SECOND = 0.001;
/** Timers are not finer than this. */
const FASTEST_RATE_PER_SECOND = 1_000;

/** @throws ValidationError when a wish makes no sense; one that is only too great is granted as far as it goes. */
export function grantDelivery(request: DeliveryRequest | null | undefined, limits: DeliveryLimits): DeliveryGrant {
  const { contract, maxRatePerSecond, overflow, buffer } = request ?? {};
  const issues: ValidationIssue[] = [];
  if (typeof maxRatePerSecond === 'number' && !(Number.isFinite(maxRatePerSecond) && maxRatePerSecond >= SLOWEST_RATE_PER_SECOND)) {
    issues.push({
      path: 'delivery.maxRatePerSecond',
      message: `expected a rate of at least ${SLOWEST_RATE_PER_SECOND} per second, got ${maxRatePerSecond}`,
    });
  }
  if (typeof buffer === 'number' && buffer < 1)
    issues.push({ path: 'delivery.buffer', message: `expected room for at least 1 row, got ${buffer}` });
  if (issues.length > 0) throw new ValidationError(issues);
  return {
    contract: contract ?? 'EVERY',
    maxRatePerSecond: maxRatePerSecond == null || maxRatePerSecond >= FASTEST_RATE_PER_SECOND ? null : maxRatePerSecond,
    overflow: overflow ?? 'CLOSE',
    buffer: Math.min(buffer ?? limits.maximumBuffer, limits.maximumBuffer),
    bufferBytes: limits.bufferBytes,
  };
}
