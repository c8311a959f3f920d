import { Counter, Gauge, type Registry } from 'prom-client';
import { ALERT_CHANGE_KINDS, type AlertChange } from '../../domain/alerts/alert-change.ts';

export interface AlertMetrics {
  /** Events that rules have read. */
  accepted(count: number): void;
  changed(changes: readonly AlertChange[]): void;
  /** Rules that this process evaluates; 0 when it no longer does. */
  rules(count: number): void;
}

export function createAlertMetrics(registry: Registry): AlertMetrics {
  const registers = [registry];
  const events = new Counter({ name: 'strikewire_alert_events_total', help: 'Events that alert rules have read.', registers });
  const changes = new Counter({
    name: 'strikewire_alert_changes_total',
    help: 'Changes of alerts, by kind.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of ALERT_CHANGE_KINDS) changes.inc({ kind }, 0);
  const rules = new Gauge({
    name: 'strikewire_alert_rules',
    help: 'Alert rules that this process evaluates; 0 while another one does.',
    registers,
  });
  return {
    accepted: (count) => events.inc(count),
    changed(list) {
      for (const { kind } of list) changes.inc({ kind });
    },
    rules: (count) => rules.set(count),
  };
}
