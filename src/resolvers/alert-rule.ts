import { validate as isUuid } from 'uuid';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { AlertPayload } from '../schema/alert.ts';
import {
  AlertRuleCreateInput,
  AlertRuleDeleteInput,
  AlertRulePayload,
  AlertRuleRef,
  AlertRuleTestInput,
  AlertRuleUpdateInput,
} from '../schema/alert-rule.ts';
import { type AlertRuleInputShape, toWrittenRule, withConditionPaths } from '../schema/alert-rule-input.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  alertRules: t.connection({
    type: AlertRuleRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Alert rules that are shared or yours, in the order they were made.',
    resolve: async (_root, paging, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('alert-rule', cursor, isUuid));
      return toConnection(await services.alertSettings.page('RULE', request, viewer), ({ id }) => encodeKeyCursor('alert-rule', id));
    },
  }),
  alertRule: t.field({
    type: AlertRuleRef,
    authScopes: { permission: 'READ_ALERTS' },
    nullable: true,
    description: 'An alert rule, deleted ones too; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [AlertRuleRef], description: 'Global id of the rule.' }) },
    resolve: async (_root, { id }, { services, viewer }) =>
      (await services.alertSettings.byIds('RULE', [parseUuid(id, 'id')], viewer))[0] ?? null,
  }),
}));

builder.mutationFields((t) => ({
  alertRuleCreate: t.field({
    type: AlertRulePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Makes an alert rule; it is evaluated from the next event on.',
    args: { input: t.arg({ type: AlertRuleCreateInput, required: true, description: 'The new rule.' }) },
    errors: { types: [ValidationError, ConflictError], directResult: true, union: { name: 'AlertRuleCreateResult' } },
    resolve: async (_root, { input: { rule, reason, idempotencyKey } }, context) => ({
      rule: await ofRule(rule, () =>
        context.services.alertSettings.create('RULE', toWrittenRule(rule), {
          caller: context,
          reason,
          idempotencyKey: parseIdempotencyKey(idempotencyKey),
        }),
      ),
    }),
  }),
  alertRuleUpdate: t.field({
    type: AlertRulePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description:
      'Changes an alert rule. What is about something else afterwards (condition, groupBy) ends its alerts; other levels and times begin waiting anew; the rest resets nothing.',
    args: { input: t.arg({ type: AlertRuleUpdateInput, required: true, description: 'What to change.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError],
      directResult: true,
      union: { name: 'AlertRuleUpdateResult' },
    },
    resolve: async (_root, { input: { id, expectedRevision, rule, reason } }, context) => ({
      rule: await ofRule(rule, () =>
        context.services.alertSettings.update('RULE', parseUuid(id, 'id'), expectedRevision, toWrittenRule(rule), {
          caller: context,
          reason,
        }),
      ),
    }),
  }),
  alertRuleDelete: t.field({
    type: AlertRulePayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Deletes an alert rule. Its alerts end, and stay as history.',
    args: { input: t.arg({ type: AlertRuleDeleteInput, required: true, description: 'The rule.' }) },
    errors: {
      types: [ValidationError, NotFoundError, ForbiddenError, ConflictError],
      directResult: true,
      union: { name: 'AlertRuleDeleteResult' },
    },
    resolve: async (_root, { input: { id, expectedRevision, reason } }, context) => ({
      rule: await context.services.alertSettings.delete('RULE', parseUuid(id, 'id'), expectedRevision, { caller: context, reason }),
    }),
  }),
  alertRuleTest: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Fires a marked alert of a rule by hand: its channels are told, and it is over at once.',
    args: { input: t.arg({ type: AlertRuleTestInput, required: true, description: 'The rule.' }) },
    errors: { types: [ValidationError, NotFoundError, ForbiddenError], directResult: true, union: { name: 'AlertRuleTestResult' } },
    resolve: async (_root, { input }, context) => {
      const id = parseUuid(input.id, 'id');
      const [rule] = await context.services.alertSettings.byIds('RULE', [id], context.viewer);
      if (!rule) throw new NotFoundError(`expected the id of an alert rule, got ${id}`);
      return { alert: await context.services.alerts.test(rule.value, context) };
    },
  }),
}));

/** With the paths of the input. @throws ValidationError */
async function ofRule<T>(input: AlertRuleInputShape, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ValidationError ? withConditionPaths(error, input) : error;
  }
}
