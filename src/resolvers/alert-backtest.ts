import { requirePermission } from '../domain/access/require-permission.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import { AlertBacktestProgressRef, AlertRuleBacktestInput, type AlertRuleBacktestShape } from '../schema/alert-backtest.ts';
import { toWrittenRule, uuidOf, withConditionPaths } from '../schema/alert-rule-input.ts';
import { builder } from '../schema/builder.ts';
import type { GraphQLContext } from '../schema/context.ts';
import type { SettingOf } from '../services/alerts/alert-setting-service.ts';
import type { BacktestRequest } from '../services/alerts/backtest-service.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';

const MOST_FLAP_MS = 86_400_000;

builder.subscriptionFields((t) => ({
  alertRuleBacktest: t.field({
    type: AlertBacktestProgressRef,
    authScopes: { permission: 'READ_ALERTS' },
    description:
      'What a rule would have done, by the same state machine over what is stored: its firings, and what would have been told. Nothing is stored and nobody is told; silences, acknowledgements, expiry and `enabled` do not count. Progress at most every 250 ms, then the end. Two at a time per viewer.',
    args: { input: t.arg({ type: AlertRuleBacktestInput, required: true, description: 'The rule and the range.' }) },
    subscribe: async (_root, { input }, context) => {
      requirePermission(context.viewer, 'READ_RESULTS');
      return context.services.alertBacktests.backtest(await requestOf(input, context), context.viewer);
    },
    resolve: (progress) => progress,
  }),
}));

/** @throws ValidationError, NotFoundError */
async function requestOf(input: AlertRuleBacktestShape, { services, viewer }: GraphQLContext): Promise<BacktestRequest> {
  const { flapBelowMs, ruleId } = input;
  const { fromMs, beforeMs } = parseDateTimeRange(input.range, 'range');
  const nowMs = Date.now();
  const issues: ValidationIssue[] = [];
  if (fromMs === undefined) issues.push({ path: 'range.from', message: 'expected a time, got none' });
  else if (fromMs >= (beforeMs ?? nowMs)) {
    issues.push({ path: 'range.from', message: `expected a time before the end of the range, got ${new Date(fromMs).toISOString()}` });
  }
  if (flapBelowMs < 0 || flapBelowMs > MOST_FLAP_MS) {
    issues.push({ path: 'flapBelowMs', message: `expected 0 to ${MOST_FLAP_MS}, got ${flapBelowMs}` });
  }
  if (ruleId == null && input.rule == null) issues.push({ path: 'rule', message: 'expected a rule or ruleId, got neither' });
  if (issues.length > 0) throw new ValidationError(issues);
  const id = ruleId == null ? null : uuidOf(ruleId, 'AlertRule', 'ruleId');
  const [known] = id === null ? [] : await services.alertSettings.byIds('RULE', [id], viewer);
  if (id !== null && !known) throw new NotFoundError(`expected the id of an alert rule, got ${id}`);
  const rule = input.rule == null ? known!.value : await drafted(input.rule, known ?? null, { services, viewer });
  const policyId = rule.escalationPolicyId;
  const [policy] = policyId === null ? [] : await services.alertSettings.byIds('ESCALATION_POLICY', [policyId], viewer);
  return { rule, policy: policy?.value ?? null, fromMs: fromMs!, beforeMs: beforeMs ?? nowMs, flapBelowMs };
}

async function drafted(
  input: NonNullable<AlertRuleBacktestShape['rule']>,
  known: SettingOf<'RULE'> | null,
  { services, viewer }: Pick<GraphQLContext, 'services' | 'viewer'>,
): Promise<BacktestRequest['rule']> {
  try {
    const written = known ? toWrittenRule(input) : { name: 'Backtest', ...toWrittenRule(input) };
    return (await services.alertSettings.draft('RULE', written, known, viewer)).value;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(withConditionPaths(error, input).issues.map((issue) => ({ ...issue, path: `rule.${issue.path}` })));
  }
}
