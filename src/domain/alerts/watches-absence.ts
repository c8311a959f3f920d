import type { RuleCondition } from './rule-condition.ts';
import type { MetricSample } from './series-source.ts';

/** Whether a condition is one of absence about the sample's series. */
export function watchesAbsence(condition: RuleCondition, { of, metric, subject }: MetricSample): boolean {
  if (condition.kind !== 'ABSENCE') return false;
  const { source } = condition;
  return source.of === of && source.metric === metric && (source.subject === null || source.subject === subject);
}
