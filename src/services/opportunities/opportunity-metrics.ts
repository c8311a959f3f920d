import { Counter, Gauge, type Registry } from 'prom-client';
import { OPPORTUNITY_CHANGE_KINDS, type OpportunityChange } from '../../domain/opportunities/opportunity-change.ts';

export interface OpportunityMetrics {
  stored(changes: readonly OpportunityChange[]): void;
}

export interface OpportunityReadings {
  /** Opportunities that are there now. */
  active(): number;
  /** Changes not stored yet. */
  pending(): number;
}

export function createOpportunityMetrics(registry: Registry, readings: OpportunityReadings): OpportunityMetrics {
  new Gauge({
    name: 'strikewire_opportunities_active',
    help: 'Opportunities that are there now, whichever process finds them.',
    registers: [registry],
    collect() {
      this.set(readings.active());
    },
  });
  new Gauge({
    name: 'strikewire_opportunity_changes_pending',
    help: 'Changes of opportunities taken over and not yet stored.',
    registers: [registry],
    collect() {
      this.set(readings.pending());
    },
  });
  const changes = new Counter({
    name: 'strikewire_opportunity_changes_total',
    help: 'Changes of opportunities this process has stored.',
    labelNames: ['kind'],
    registers: [registry],
  });
  for (const kind of OPPORTUNITY_CHANGE_KINDS) changes.inc({ kind }, 0);
  return {
    stored(rows) {
      for (const { kind } of rows) changes.inc({ kind });
    },
  };
}
