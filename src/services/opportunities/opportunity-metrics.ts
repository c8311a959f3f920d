import { Counter, Gauge, type Registry } from 'prom-client';
import { OPPORTUNITY_CHANGE_KINDS, type OpportunityChange } from '../../domain/opportunities/opportunity-change.ts';

export interface OpportunityMetrics {
  stored(changes: readonly OpportunityChange[]): void;
}

/** @param active how many opportunities this process follows at present */
export function createOpportunityMetrics(registry: Registry, active: () => number): OpportunityMetrics {
  new Gauge({
    name: 'strikewire_opportunities_active',
    help: 'Opportunities that are there now, as far as this process scans for them.',
    registers: [registry],
    collect() {
      this.set(active());
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
