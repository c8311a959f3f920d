import type { AlertSettingChange } from '../domain/alerts/alert-setting.ts';
import { diffValues } from '../domain/filters/diff-values.ts';
import { AlertSettingChangeKindEnum } from './alert-enums.ts';
import { builder } from './builder.ts';
import { ValueChangeRef } from './value-change.ts';

/** A revision with the one before it. */
export interface SettingRevision {
  readonly change: AlertSettingChange;
  readonly before: AlertSettingChange | null;
}

/** What changes with every revision says nothing. */
const BOOKKEEPING = ['revision', 'updatedAtMs', 'createdAtMs', 'id'];

export const SettingRevisionRef = builder.objectRef<SettingRevision>('AlertSettingRevision').implement({
  description: 'One revision of an alert rule, escalation policy, silence or inhibition rule.',
  fields: (t) => ({
    revision: t.int({ description: 'Its number.', resolve: ({ change }) => change.setting.revision }),
    kind: t.field({ type: AlertSettingChangeKindEnum, description: 'What was done.', resolve: ({ change }) => change.change }),
    at: t.field({ type: 'DateTime', description: 'When, UTC.', resolve: ({ change }) => new Date(change.atMs) }),
    actor: t.string({ description: 'Subject of whoever did it.', resolve: ({ change }) => change.actor }),
    reason: t.string({ nullable: true, description: 'Why, in the words of whoever did it.', resolve: ({ change }) => change.reason }),
    changes: t.field({
      type: [ValueChangeRef],
      description: 'What differs from the revision before, by path; empty for the first.',
      resolve: ({ change, before }) =>
        before === null
          ? []
          : diffValues(before.setting.value, change.setting.value)
              .filter(({ path }) => !BOOKKEEPING.includes(path))
              .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    }),
  }),
});

export function revisionsOf(history: readonly AlertSettingChange[]): SettingRevision[] {
  return history.map((change, index) => ({ change, before: history[index - 1] ?? null }));
}
