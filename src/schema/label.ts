import type { InputRef } from '@pothos/core';
import type { LabelMatcher } from '../domain/alerts/label-matcher.ts';
import { MatchOperatorEnum } from './alert-enums.ts';
import { builder } from './builder.ts';

/** A name with a text. */
interface Label {
  readonly name: string;
  readonly value: string;
}

export const LabelRef = builder.objectRef<Label>('Label').implement({
  description: 'A name with a text.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Letters, digits and `_`.' }),
    value: t.exposeString('value', { description: 'Any text.' }),
  }),
});

export function labelsOf(labels: Readonly<Record<string, string | undefined>>): Label[] {
  return Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : { name, value }));
}

export const LabelInput: InputRef<Label> = builder.inputRef<Label>('LabelInput').implement({
  description: 'A name with a text.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Letters, digits and `_`; not one of those the product sets.' }),
    value: t.string({ required: true, description: 'At most 200 characters.' }),
  }),
});

export const LabelMatcherRef = builder.objectRef<LabelMatcher>('LabelMatcher').implement({
  description: 'What a label must be like. A label that an alert does not have is the empty text.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'The label: one of a rule, or rule, kind, severity, symbol, strategy, filter, service, expiration, legs.',
    }),
    operator: t.expose('operator', { type: MatchOperatorEnum, description: 'How it is compared.' }),
    value: t.exposeString('value', { description: 'With what.' }),
  }),
});

export const LabelMatcherInput: InputRef<LabelMatcher> = builder.inputRef<LabelMatcher>('LabelMatcherInput').implement({
  description: 'What a label must be like.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'The label: one of a rule, or rule, kind, severity, symbol, strategy, filter, service, expiration, legs.',
    }),
    operator: t.field({ type: MatchOperatorEnum, required: true, defaultValue: '=', description: 'How to compare it.' }),
    value: t.string({ required: true, description: 'With what.' }),
  }),
});
