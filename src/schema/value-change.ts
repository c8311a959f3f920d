import type { ValueChange } from '../domain/filters/diff-values.ts';
import { builder } from './builder.ts';

export const ValueChangeRef = builder.objectRef<ValueChange>('ValueChange').implement({
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

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
