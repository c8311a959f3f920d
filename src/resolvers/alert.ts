import { validate as isUuid } from 'uuid';
import type { AlertAction } from '../domain/alerts/change-alert.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import {
  AlertAcknowledgeInput,
  AlertChangeBatchRef,
  AlertCommentInput,
  AlertFilterInput,
  AlertPayload,
  AlertRef,
  AlertResolveInput,
  AlertSnoozeInput,
  AlertUnacknowledgeInput,
  AlertUnsnoozeInput,
} from '../schema/alert.ts';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { DeliveryInput } from '../schema/stream.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseAlertFilter } from './parse-alert-filter.ts';
import { parseSubscribeRequest } from './parse-subscribe-request.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  alerts: t.connection({
    type: AlertRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Alerts, the newest first.',
    args: { filter: t.arg({ type: AlertFilterInput, description: 'Which alerts.' }) },
    resolve: async (_root, { filter, ...paging }, { services, viewer }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('alert', cursor, isUuid));
      const { statuses = null, severities = null, ruleIds = null } = parseAlertFilter(filter);
      return toConnection(await services.alerts.page(request, { statuses, severities, ruleIds }, viewer), ({ id }) =>
        encodeKeyCursor('alert', id),
      );
    },
  }),
  alert: t.field({
    type: AlertRef,
    authScopes: { permission: 'READ_ALERTS' },
    nullable: true,
    description: 'An alert; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [AlertRef], description: 'Global id of the alert.' }) },
    resolve: async (_root, { id }, { services, viewer }) => (await services.alerts.byIds([parseUuid(id, 'id')], viewer))[0] ?? null,
  }),
}));

const ERRORS = [ValidationError, NotFoundError, ConflictError];

interface ActionInput {
  readonly id: { readonly typename: string; readonly id: string };
  readonly comment?: string | null | undefined;
}

async function act({ id, comment }: ActionInput, action: AlertAction, context: GraphQLContext) {
  return { alert: await context.services.alerts.act(parseUuid(id, 'id'), action, comment, context) };
}

builder.mutationFields((t) => ({
  alertAcknowledge: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Takes an alert over: nobody else is told, and nothing escalates.',
    args: { input: t.arg({ type: AlertAcknowledgeInput, required: true, description: 'The alert.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertAcknowledgeResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'ACKNOWLEDGE', by: context.viewer.subject }, context),
  }),
  alertUnacknowledge: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Gives an alert back: its escalation begins anew.',
    args: { input: t.arg({ type: AlertUnacknowledgeInput, required: true, description: 'The alert.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertUnacknowledgeResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'UNACKNOWLEDGE' }, context),
  }),
  alertSnooze: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Puts an alert off.',
    args: { input: t.arg({ type: AlertSnoozeInput, required: true, description: 'The alert, and until when.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertSnoozeResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'SNOOZE', untilMs: input.until.getTime() }, context),
  }),
  alertUnsnooze: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'No longer puts an alert off: its escalation begins anew.',
    args: { input: t.arg({ type: AlertUnsnoozeInput, required: true, description: 'The alert.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertUnsnoozeResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'UNSNOOZE' }, context),
  }),
  alertResolve: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Ends an alert. While its condition goes on it does not fire again.',
    args: { input: t.arg({ type: AlertResolveInput, required: true, description: 'The alert.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertResolveResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'RESOLVE' }, context),
  }),
  alertComment: t.field({
    type: AlertPayload,
    authScopes: { permission: 'WRITE_ALERTS' },
    description: 'Writes something in the history of an alert.',
    args: { input: t.arg({ type: AlertCommentInput, required: true, description: 'The alert, and what to write.' }) },
    errors: { types: ERRORS, directResult: true, union: { name: 'AlertCommentResult' } },
    resolve: (_root, { input }, context) => act(input, { kind: 'COMMENT' }, context),
  }),
}));

builder.subscriptionFields((t) => ({
  alerts: t.field({
    type: AlertChangeBatchRef,
    authScopes: { permission: 'READ_ALERTS' },
    description: 'Alerts that fire, change and end. None is left out or sent twice.',
    args: {
      filter: t.arg({ type: AlertFilterInput, description: 'Which alerts, as a change leaves them.' }),
      after: t.arg.string({ description: 'Cursor to go on from, of an earlier item.' }),
      snapshot: t.arg.int({
        defaultValue: 0,
        description: 'How many of the newest changes to begin with; of no effect together with `after`.',
      }),
      delivery: t.arg({ type: DeliveryInput, description: 'How to be served.' }),
    },
    subscribe: (_root, { filter, after, snapshot, delivery }, context) => {
      const hiddenRuleIds = context.services.hiddenRuleIds(context.viewer);
      return context.services.liveAlerts.subscribe(
        { ...parseAlertFilter(filter), ...(hiddenRuleIds.length > 0 && { hiddenRuleIds }) },
        parseSubscribeRequest({ after, snapshot, delivery }, context),
      );
    },
    resolve: (batch, _arguments, context) => {
      context.loaders.renew();
      return batch;
    },
  }),
}));
