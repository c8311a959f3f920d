import type { AlertFilterShape } from '../schema/alert.ts';
import { parseUuid } from './parse-uuid.ts';

/** @throws ValidationError */
export function parseAlertFilter(filter: AlertFilterShape | null | undefined) {
  const { statuses, severities, ruleIds } = filter ?? {};
  return {
    ...(statuses && { statuses }),
    ...(severities && { severities }),
    ...(ruleIds && { ruleIds: ruleIds.map((id, index) => parseUuid(id, `filter.ruleIds.${index}`)) }),
  };
}
