import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import type { AlertChangeQuery } from '../alerts/alert-change-store.ts';
import { alertChangeStream } from '../alerts/alert-change-stream.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamSubject } from './stream-channel.ts';

/** Changes of alerts as something to subscribe to. */
export function alertChangeSubject(history: StreamHistory<AlertChange, AlertChangeQuery>): StreamSubject<AlertChange, AlertChangeQuery> {
  return {
    name: alertChangeStream.name,
    positionOf: alertChangeStream.position,
    keyOf: ({ alert }) => alert.id,
    textOf: (query) => JSON.stringify(query),
    matcher: alertMatcher,
    columns: [({ alert }) => alert.ruleId, ({ alert }) => alert.severity, ({ alert }) => alert.status],
    admissible: ({ ruleIds, severities, statuses }) => [ruleIds ?? null, severities ?? null, statuses ?? null],
    history,
    visibility: null,
  };
}

/** The same decision as the SQL of the history. */
function alertMatcher({ ruleIds, severities, statuses, hiddenRuleIds = [] }: AlertChangeQuery): (change: AlertChange) => boolean {
  return ({ alert }) =>
    (ruleIds?.includes(alert.ruleId) ?? true) &&
    (severities?.includes(alert.severity) ?? true) &&
    (statuses?.includes(alert.status) ?? true) &&
    !hiddenRuleIds.includes(alert.ruleId);
}
