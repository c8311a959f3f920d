import { Counter, type Registry } from 'prom-client';
import { LIMIT_NAMES } from '../../domain/limits/limit-policy.ts';

/** Counts refusals by the name of the limit. */
export function createLimitRefusals(registry: Registry): (limit: string) => void {
  const refusals = new Counter({
    name: 'strikewire_limit_refusals_total',
    help: 'Operations, messages and sockets refused because they were more than their viewer is granted, by limit.',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of LIMIT_NAMES) refusals.inc({ limit }, 0);
  return (limit) => refusals.inc({ limit });
}
