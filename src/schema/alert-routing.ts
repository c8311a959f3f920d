import { encodeGlobalID } from '@pothos/plugin-relay';
import { requirePermission } from '../domain/access/require-permission.ts';
import type { Alert } from '../domain/alerts/alert.ts';
import type { AlertSettingKind } from '../domain/alerts/alert-setting.ts';
import type { EscalationStep } from '../domain/alerts/escalation-policy.ts';
import type { SettingOf } from '../services/alerts/alert-setting-service.ts';
import { AlertRef } from './alert.ts';
import { revisionsOf, SettingRevisionRef } from './alert-setting-change.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { LabelMatcherInput, LabelMatcherRef } from './label.ts';

const REASON = 'Why; kept with the revision.';
const EXPECTED_REVISION = 'The revision that is meant: a ConflictError when another is in force.';
const IDEMPOTENCY_KEY = 'Any text of yours, 1 to 255 characters: the same key again answers with what it made, and makes no second one.';

async function load<Kind extends AlertSettingKind>(
  kind: Kind,
  id: string,
  { services, viewer }: GraphQLContext,
): Promise<SettingOf<Kind> | null> {
  requirePermission(viewer, 'READ_ALERTS');
  return (await services.alertSettings.byIds(kind, [id], viewer))[0] ?? null;
}

const history = async (id: string, { services }: GraphQLContext) => revisionsOf(await services.alertSettings.history(id));

export const SilenceRef = builder.objectRef<SettingOf<'SILENCE'>>('Silence');

builder.node(SilenceRef, {
  description: 'For some time nobody is told of the alerts that meet all matchers; they fire and resolve as ever.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadOne: (id, context) => load('SILENCE', id, context),
  fields: (t) => ({
    matchers: t.field({ type: [LabelMatcherRef], description: 'All of them must be met.', resolve: ({ value }) => [...value.matchers] }),
    startsAt: t.field({ type: 'DateTime', description: 'From when, UTC.', resolve: ({ value }) => new Date(value.startsAtMs) }),
    endsAt: t.field({ type: 'DateTime', description: 'Until when, UTC.', resolve: ({ value }) => new Date(value.endsAtMs) }),
    comment: t.string({ description: 'What it is for.', resolve: ({ value }) => value.comment }),
    createdBy: t.string({ description: 'Subject of whoever made it.', resolve: ({ value }) => value.createdBy }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1.' }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was ended by hand, UTC.',
      resolve: ({ deletedAtMs }) => (deletedAtMs === null ? null : new Date(deletedAtMs)),
    }),
    revisions: t.field({
      type: [SettingRevisionRef],
      description: 'Every revision, the first first.',
      resolve: ({ id }, _arguments, context) => history(id, context),
    }),
  }),
});

export const SilenceCreateInput = builder.inputType('SilenceCreateInput', {
  description: 'A new silence.',
  fields: (t) => ({
    matchers: t.field({ type: [LabelMatcherInput], required: true, description: '1 to 20; all of them must be met.' }),
    startsAt: t.field({ type: 'DateTime', description: 'From when. Left out: now.' }),
    endsAt: t.field({ type: 'DateTime', required: true, description: 'Until when, within 365 days.' }),
    comment: t.string({ description: 'What it is for.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const SilenceExpireInput = builder.inputType('SilenceExpireInput', {
  description: 'Ends a silence: what it held back is told, if it is still true.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [SilenceRef], description: 'The silence.' }),
    expectedRevision: t.int({ required: true, description: EXPECTED_REVISION }),
    reason: t.string({ description: REASON }),
  }),
});

export const SilencePayload = builder.objectRef<{ readonly silence: SettingOf<'SILENCE'> }>('SilencePayload').implement({
  description: 'It is done.',
  fields: (t) => ({ silence: t.field({ type: SilenceRef, description: 'The silence as it is now.', resolve: ({ silence }) => silence }) }),
});

export const SilencePreviewRef = builder.objectRef<{ readonly alerts: readonly Alert[] }>('SilencePreview').implement({
  description: 'What a silence would mute now.',
  fields: (t) => ({
    alerts: t.field({
      type: [AlertRef],
      description: 'The alerts that are there, at most 100 of them.',
      resolve: ({ alerts }) => alerts.slice(0, 100),
    }),
    count: t.int({ description: 'How many there are.', resolve: ({ alerts }) => alerts.length }),
  }),
});

const EscalationStepRef = builder.objectRef<EscalationStep>('EscalationStep').implement({
  description: 'Who is told when.',
  fields: (t) => ({
    delayMs: t.exposeInt('delayMs', { description: 'How long nobody must have acknowledged since the step before, milliseconds.' }),
    channelIds: t.idList({
      description: 'Global ids of the notification channels that are told.',
      resolve: ({ channelIds }) => channelIds.map((id) => encodeGlobalID('NotificationChannel', id)),
    }),
  }),
});

export const EscalationPolicyRef = builder.objectRef<SettingOf<'ESCALATION_POLICY'>>('EscalationPolicy');

builder.node(EscalationPolicyRef, {
  description: 'Who is told, and when, while nobody acknowledges an alert.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadOne: (id, context) => load('ESCALATION_POLICY', id, context),
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ value }) => value.name }),
    steps: t.field({ type: [EscalationStepRef], description: 'In order.', resolve: ({ value }) => [...value.steps] }),
    repeats: t.int({ description: 'How often all steps are done again.', resolve: ({ value }) => value.repeats }),
    owner: t.exposeString('owner', { nullable: true, description: 'Subject of whoever made it.' }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1. Updates must name it.' }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted, UTC. Alerts that began with it go on with it.',
      resolve: ({ deletedAtMs }) => (deletedAtMs === null ? null : new Date(deletedAtMs)),
    }),
    revisions: t.field({
      type: [SettingRevisionRef],
      description: 'Every revision, the first first.',
      resolve: ({ id }, _arguments, context) => history(id, context),
    }),
  }),
});

const EscalationStepInput = builder.inputType('EscalationStepInput', {
  description: 'Who is told when.',
  fields: (t) => ({
    delayMs: t.int({
      required: true,
      description: 'How long nobody must have acknowledged since the step before, or since the alert fired, milliseconds.',
    }),
    channelIds: t.idList({ required: true, description: 'Notification channels that are told.' }),
  }),
});

export const EscalationPolicyInput = builder.inputType('EscalationPolicyInput', {
  description: 'An escalation policy; in an update what is left out stays.',
  fields: (t) => ({
    name: t.string({ description: '1 to 200 characters, not taken by another policy.' }),
    steps: t.field({ type: [EscalationStepInput], description: '1 to 20, in order.' }),
    repeats: t.int({ description: 'How often all steps are done again, 0 to 9. Left out: 0.' }),
  }),
});

export const EscalationPolicyCreateInput = builder.inputType('EscalationPolicyCreateInput', {
  description: 'A new escalation policy.',
  fields: (t) => ({
    policy: t.field({ type: EscalationPolicyInput, required: true, description: 'The policy.' }),
    reason: t.string({ description: REASON }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const EscalationPolicyUpdateInput = builder.inputType('EscalationPolicyUpdateInput', {
  description: 'Changes to an escalation policy.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [EscalationPolicyRef], description: 'The policy.' }),
    expectedRevision: t.int({ required: true, description: EXPECTED_REVISION }),
    policy: t.field({ type: EscalationPolicyInput, required: true, description: 'What to change.' }),
    reason: t.string({ description: REASON }),
  }),
});

export const EscalationPolicyDeleteInput = builder.inputType('EscalationPolicyDeleteInput', {
  description: 'Deletes an escalation policy. Alerts that began with it go on with it.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [EscalationPolicyRef], description: 'The policy.' }),
    expectedRevision: t.int({ required: true, description: EXPECTED_REVISION }),
    reason: t.string({ description: REASON }),
  }),
});

export const EscalationPolicyPayload = builder
  .objectRef<{ readonly policy: SettingOf<'ESCALATION_POLICY'> }>('EscalationPolicyPayload')
  .implement({
    description: 'It is done.',
    fields: (t) => ({
      policy: t.field({ type: EscalationPolicyRef, description: 'The policy as it is now.', resolve: ({ policy }) => policy }),
    }),
  });

export const InhibitionRuleRef = builder.objectRef<SettingOf<'INHIBITION_RULE'>>('InhibitionRule');

builder.node(InhibitionRuleRef, {
  description:
    'While an alert that meets `source` is there, nobody is told of those that meet `target` and have the same values of the labels in `equal`.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadOne: (id, context) => load('INHIBITION_RULE', id, context),
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ value }) => value.name }),
    source: t.field({ type: [LabelMatcherRef], description: 'Alerts that keep others still.', resolve: ({ value }) => [...value.source] }),
    target: t.field({ type: [LabelMatcherRef], description: 'Alerts that are kept still.', resolve: ({ value }) => [...value.target] }),
    equal: t.stringList({ description: 'Labels whose values must be the same.', resolve: ({ value }) => [...value.equal] }),
    owner: t.exposeString('owner', { nullable: true, description: 'Subject of whoever made it.' }),
    revision: t.exposeInt('revision', { description: 'Counts up with every change, from 1. Updates must name it.' }),
    revisions: t.field({
      type: [SettingRevisionRef],
      description: 'Every revision, the first first.',
      resolve: ({ id }, _arguments, context) => history(id, context),
    }),
  }),
});

export const InhibitionRuleCreateInput = builder.inputType('InhibitionRuleCreateInput', {
  description: 'A new inhibition rule.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 200 characters, not taken by another one.' }),
    source: t.field({ type: [LabelMatcherInput], required: true, description: 'Alerts that keep others still.' }),
    target: t.field({ type: [LabelMatcherInput], required: true, description: 'Alerts that are kept still.' }),
    equal: t.stringList({ required: true, defaultValue: [], description: 'Labels whose values must be the same.' }),
    reason: t.string({ description: REASON }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const InhibitionRuleDeleteInput = builder.inputType('InhibitionRuleDeleteInput', {
  description: 'Deletes an inhibition rule: what it held back is told, if it is still true.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [InhibitionRuleRef], description: 'The inhibition rule.' }),
    expectedRevision: t.int({ required: true, description: EXPECTED_REVISION }),
    reason: t.string({ description: REASON }),
  }),
});

export const InhibitionRulePayload = builder
  .objectRef<{ readonly inhibitionRule: SettingOf<'INHIBITION_RULE'> }>('InhibitionRulePayload')
  .implement({
    description: 'It is done.',
    fields: (t) => ({
      inhibitionRule: t.field({
        type: InhibitionRuleRef,
        description: 'The inhibition rule as it is now.',
        resolve: (payload) => payload.inhibitionRule,
      }),
    }),
  });
