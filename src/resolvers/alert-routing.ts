import { validate as isUuid } from 'uuid';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { parseMatchers } from '../domain/alerts/label-matcher.ts';
import { createRuleIssues } from '../domain/alerts/rule-issues.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import {
  EscalationPolicyCreateInput,
  EscalationPolicyDeleteInput,
  type EscalationPolicyInput,
  EscalationPolicyPayload,
  EscalationPolicyRef,
  EscalationPolicyUpdateInput,
  InhibitionRuleCreateInput,
  InhibitionRuleDeleteInput,
  InhibitionRulePayload,
  InhibitionRuleRef,
  SilenceCreateInput,
  SilenceExpireInput,
  SilencePayload,
  SilencePreviewRef,
  SilenceRef,
} from '../schema/alert-routing.ts';
import { uuidOf } from '../schema/alert-rule-input.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { LabelMatcherInput } from '../schema/label.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  silences: t.connection({
    type: SilenceRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Silences that were not ended by hand, in the order they were made.',
    resolve: async (_root, paging, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('silence', cursor, isUuid));
      return toConnection(await services.alertSettings.page('SILENCE', request, viewer), ({ id }) => encodeKeyCursor('silence', id));
    },
  }),
  silencePreview: t.field({
    type: SilencePreviewRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'The alerts that are there now and that a silence would mute.',
    args: { matchers: t.arg({ type: [LabelMatcherInput], required: true, description: '1 to 20; all of them must be met.' }) },
    resolve: async (_root, { matchers }, { services, viewer }) => {
      const issues = createRuleIssues();
      const parsed = parseMatchers(matchers, 'matchers', issues);
      if (issues.list.length > 0) throw new ValidationError(issues.list);
      return { alerts: await services.alerts.silencePreview(parsed, viewer) };
    },
  }),
  escalationPolicies: t.connection({
    type: EscalationPolicyRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Escalation policies, in the order they were made.',
    resolve: async (_root, paging, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('escalation-policy', cursor, isUuid));
      const page = await services.alertSettings.page('ESCALATION_POLICY', request, viewer);
      return toConnection(page, ({ id }) => encodeKeyCursor('escalation-policy', id));
    },
  }),
  inhibitionRules: t.connection({
    type: InhibitionRuleRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Inhibition rules, in the order they were made.',
    resolve: async (_root, paging, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('inhibition-rule', cursor, isUuid));
      const page = await services.alertSettings.page('INHIBITION_RULE', request, viewer);
      return toConnection(page, ({ id }) => encodeKeyCursor('inhibition-rule', id));
    },
  }),
}));

const CREATE_ERRORS = [ValidationError, ConflictError];
const CHANGE_ERRORS = [ValidationError, NotFoundError, ForbiddenError, ConflictError];

builder.mutationFields((t) => ({
  silenceCreate: t.field({
    type: SilencePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'For some time nobody is told of the alerts that meet all matchers.',
    args: { input: t.arg({ type: SilenceCreateInput, required: true, description: 'The new silence.' }) },
    errors: { types: CREATE_ERRORS, directResult: true, union: { name: 'SilenceCreateResult' } },
    resolve: async (_root, { input: { matchers, startsAt, endsAt, comment, idempotencyKey } }, context) => ({
      silence: await context.services.alertSettings.create(
        'SILENCE',
        { matchers, endsAtMs: endsAt.getTime(), ...(startsAt && { startsAtMs: startsAt.getTime() }), ...(comment != null && { comment }) },
        { caller: context, reason: comment, idempotencyKey: parseIdempotencyKey(idempotencyKey) },
      ),
    }),
  }),
  silenceExpire: t.field({
    type: SilencePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Ends a silence: what it held back is told, if it is still true.',
    args: { input: t.arg({ type: SilenceExpireInput, required: true, description: 'The silence.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'SilenceExpireResult' } },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      silence: await context.services.alertSettings.delete('SILENCE', parseUuid(id, 'id'), expectedRevision, { caller: context, reason }),
    }),
  }),
  escalationPolicyCreate: t.field({
    type: EscalationPolicyPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Makes an escalation policy.',
    args: { input: t.arg({ type: EscalationPolicyCreateInput, required: true, description: 'The new policy.' }) },
    errors: { types: CREATE_ERRORS, directResult: true, union: { name: 'EscalationPolicyCreateResult' } },
    resolve: async (_root, { input: { policy, reason, idempotencyKey } }, context) => ({
      policy: await context.services.alertSettings.create('ESCALATION_POLICY', toWrittenPolicy(policy), {
        caller: context,
        reason,
        idempotencyKey: parseIdempotencyKey(idempotencyKey),
      }),
    }),
  }),
  escalationPolicyUpdate: t.field({
    type: EscalationPolicyPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Changes an escalation policy, for alerts that are there too.',
    args: { input: t.arg({ type: EscalationPolicyUpdateInput, required: true, description: 'What to change.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'EscalationPolicyUpdateResult' } },
    resolve: async (_root, { input: { id, expectedRevision, policy, reason } }, context) => ({
      policy: await context.services.alertSettings.update(
        'ESCALATION_POLICY',
        parseUuid(id, 'id'),
        expectedRevision,
        toWrittenPolicy(policy),
        {
          caller: context,
          reason,
        },
      ),
    }),
  }),
  escalationPolicyDelete: t.field({
    type: EscalationPolicyPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Deletes an escalation policy. Alerts that began with it go on with it.',
    args: { input: t.arg({ type: EscalationPolicyDeleteInput, required: true, description: 'The policy.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'EscalationPolicyDeleteResult' } },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      policy: await context.services.alertSettings.delete('ESCALATION_POLICY', parseUuid(id, 'id'), expectedRevision, {
        caller: context,
        reason,
      }),
    }),
  }),
  inhibitionRuleCreate: t.field({
    type: InhibitionRulePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Makes an inhibition rule.',
    args: { input: t.arg({ type: InhibitionRuleCreateInput, required: true, description: 'The new inhibition rule.' }) },
    errors: { types: CREATE_ERRORS, directResult: true, union: { name: 'InhibitionRuleCreateResult' } },
    resolve: async (_root, { input: { reason, idempotencyKey, ...rule } }, context) => ({
      inhibitionRule: await context.services.alertSettings.create('INHIBITION_RULE', rule, {
        caller: context,
        reason,
        idempotencyKey: parseIdempotencyKey(idempotencyKey),
      }),
    }),
  }),
  inhibitionRuleDelete: t.field({
    type: InhibitionRulePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Deletes an inhibition rule: what it held back is told, if it is still true.',
    args: { input: t.arg({ type: InhibitionRuleDeleteInput, required: true, description: 'The inhibition rule.' }) },
    errors: { types: CHANGE_ERRORS, directResult: true, union: { name: 'InhibitionRuleDeleteResult' } },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      inhibitionRule: await context.services.alertSettings.delete('INHIBITION_RULE', parseUuid(id, 'id'), expectedRevision, {
        caller: context,
        reason,
      }),
    }),
  }),
}));

/** The policy as the domain parses it: only what is given. @throws ValidationError when an id is none */
function toWrittenPolicy({ name, steps, repeats }: typeof EscalationPolicyInput.$inferInput): Readonly<Record<string, unknown>> {
  return {
    ...(name != null && { name }),
    ...(repeats != null && { repeats }),
    ...(steps && {
      steps: steps.map(({ delayMs, channelIds }, step) => ({
        delayMs,
        channelIds: channelIds.map((id, index) => uuidOf(id, 'NotificationChannel', `steps.${step}.channelIds.${index}`)),
      })),
    }),
  };
}
