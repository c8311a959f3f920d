import type { AlertSettingChange } from '../domain/alerts/alert-setting.ts';
import { diffValues, type ValueChange } from '../domain/filters/diff-values.ts';
import { AlertSettingChangeKindEnum } from './alert-enums.ts';
import { builder } from './builder.ts';

const ValueChangeRef = builder.objectRef<ValueChange>('ValueChange').implement({
  description: 'One difference between two revisions.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where, e.g. `condition.fireAt`.' }),
    from: t.string({
      nullable: true,
      description: 'The value before, as JSON; null when there was none.',
      resolve: ({ from }) => json(from),
    }),
    to: t.string({ nullable: true, description: 'The value afterwards, as JSON; null when there is none.', resolve: ({ to }) => json(to) }),
  }),
});

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

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
