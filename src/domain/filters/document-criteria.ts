import { METRICS } from '../candidates/metric.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import { DEEPEST_GROUP } from './parse-filter-criteria.ts';

const GROUP_MEMBERS = ['all', 'any', 'none'] as const;
const OWN_MEMBERS: readonly string[] = ['symbols', 'strategies', 'expiration', ...GROUP_MEMBERS];

/** Criteria as the API and documents have them: each metric beside the other members. */
export function toDocumentCriteria({ metrics, ...members }: FilterCriteria): Record<string, unknown> {
  const groups = GROUP_MEMBERS.flatMap((name) => (members[name] ? [[name, members[name].map(toDocumentCriteria)]] : []));
  const stated = METRICS.flatMap(({ name }) => (metrics?.[name] ? [[name, metrics[name]]] : []));
  return { ...members, ...Object.fromEntries(stated), ...Object.fromEntries(groups) };
}

/** The way back, of anything: what parseFilterCriteria is to look at. A name it does not know counts as that of a metric. */
export function fromDocumentCriteria(input: unknown, depth = 1): unknown {
  // Deeper groups are refused by the parser, as they are.
  if (typeof input !== 'object' || input === null || Array.isArray(input) || depth > DEEPEST_GROUP) return input;
  const members: [string, unknown][] = [];
  const metrics: [string, unknown][] = [];
  for (const [name, value] of Object.entries(input)) {
    if (!OWN_MEMBERS.includes(name)) metrics.push([name, value]);
    else if ((GROUP_MEMBERS as readonly string[]).includes(name) && Array.isArray(value)) {
      members.push([name, value.map((group) => fromDocumentCriteria(group, depth + 1))]);
    } else members.push([name, value]);
  }
  return Object.fromEntries(metrics.length > 0 ? [...members, ['metrics', Object.fromEntries(metrics)]] : members);
}
