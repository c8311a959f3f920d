import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { BREAKER_PHASES, type BreakerPhase } from '../../domain/notifications/circuit-breaker.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../domain/notifications/delivery-attempt.ts';
import { CHANNEL_KINDS } from '../../domain/notifications/notification-channel.ts';
import type { SentKind } from './deliver.ts';

/** How the queue of all processes was when it was looked at last. */
export interface QueueReading {
  readonly queued: number;
  /** Since it was made or replayed; 0 without any. */
  readonly oldestAgeSeconds: number;
  readonly breakers: Readonly<Record<BreakerPhase, number>>;
}

export interface NotificationMetrics {
  attempted(kind: SentKind, outcome: AttemptOutcome, durationMs: number): void;
  /** Notifications that were given up. */
  buried(kind: SentKind, count: number): void;
  surveyed(reading: QueueReading): void;
}

export function createNotificationMetrics(registry: Registry): NotificationMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'strikewire_notification_attempts_total',
    help: 'Attempts of this process to deliver messages.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'strikewire_notification_attempt_seconds',
    help: 'How long attempts to deliver messages took.',
    labelNames: ['kind'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const dead = new Counter({
    name: 'strikewire_notification_dead_letters_total',
    help: 'Notifications this process has given up.',
    labelNames: ['kind'],
    registers,
  });
  const queued = new Gauge({
    name: 'strikewire_notifications_queued',
    help: 'Notifications of all processes that wait for an attempt.',
    registers,
  });
  const oldest = new Gauge({
    name: 'strikewire_notifications_oldest_age_seconds',
    help: 'Age of the notification that has waited longest; 0 without any.',
    registers,
  });
  const breakers = new Gauge({
    name: 'strikewire_notification_channels',
    help: 'Enabled channels by the phase of their circuit breaker.',
    labelNames: ['breaker'],
    registers,
  });
  for (const kind of CHANNEL_KINDS) {
    if (kind === 'WEBSOCKET') continue;
    for (const outcome of ATTEMPT_OUTCOMES) attempts.inc({ kind, outcome }, 0);
    dead.inc({ kind }, 0);
  }
  for (const breaker of BREAKER_PHASES) breakers.set({ breaker }, 0);
  return {
    attempted(kind, outcome, durationMs) {
      attempts.inc({ kind, outcome });
      seconds.observe({ kind }, durationMs / 1_000);
    },
    buried: (kind, count) => dead.inc({ kind }, count),
    surveyed(reading) {
      queued.set(reading.queued);
      oldest.set(reading.oldestAgeSeconds);
      for (const breaker of BREAKER_PHASES) breakers.set({ breaker }, reading.breakers[breaker]);
    },
  };
}
