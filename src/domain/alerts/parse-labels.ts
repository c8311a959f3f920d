import { childPath } from '../filters/criteria-issues.ts';
import type { RuleIssues } from './rule-issues.ts';

/** As in Prometheus: matchers, templates and receivers can all write it. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;
/** Every alert has these from its rule. */
export const BUILT_IN_LABELS = ['rule', 'kind', 'severity', 'symbol', 'strategy', 'filter', 'service', 'expiration', 'legs'] as const;
const MOST_LABELS = 30;
export const LONGEST_LABEL = 200;

export function parseLabels(input: unknown, path: string, issues: RuleIssues): Record<string, string> {
  const entries = typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.entries(input) : null;
  if (entries === null || entries.length > MOST_LABELS) {
    issues.add(path, `an object of at most ${MOST_LABELS} labels`, input);
    return {};
  }
  const labels: [string, string][] = [];
  for (const [name, value] of entries) {
    const at = childPath(path, name);
    if (!LABEL_NAME.test(name)) issues.add(at, 'a name of at most 64 letters, digits and "_"', name);
    else if (BUILT_IN_LABELS.some((known) => known === name)) issues.add(at, 'a name that the product does not use itself', name);
    else if (typeof value !== 'string' || value.length === 0 || value.length > LONGEST_LABEL || value.includes('\0')) {
      issues.add(at, `a text of 1 to ${LONGEST_LABEL} characters`, value);
    } else labels.push([name, value]);
  }
  // Own members whatever the name: `__proto__` is one like the others.
  return Object.fromEntries(labels.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
