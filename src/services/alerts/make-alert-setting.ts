import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import type { AlertSettingKind, StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import { parseEscalationPolicy } from '../../domain/alerts/escalation-policy.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import { parseAlertRule } from '../../domain/alerts/parse-alert-rule.ts';
import { parseInhibitionRule } from '../../domain/alerts/parse-inhibition-rule.ts';
import { parseSilence } from '../../domain/alerts/parse-silence.ts';
import { writtenTimeWindow } from '../../domain/alerts/parse-time-window.ts';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';

export type MadeSetting<Kind extends AlertSettingKind> = Extract<StoredAlertSetting, { kind: Kind }>;

export interface SettingFacts<Kind extends AlertSettingKind> {
  readonly id: string;
  readonly owner: string | null;
  /** Null: a new one. What is not given stays as it was. */
  readonly previous: MadeSetting<Kind> | null;
  readonly nowMs: number;
}

/** @throws ValidationError with every issue */
export type MakeAlertSetting = <Kind extends AlertSettingKind>(
  kind: Kind,
  input: Readonly<Record<string, unknown>>,
  facts: SettingFacts<Kind>,
) => Promise<MadeSetting<Kind>>;

export interface MakeAlertSettingDeps {
  readonly templates: Pick<MessageTemplates, 'issue'>;
  /** Of these channels, those that are in use. */
  readonly knownChannels: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly isPolicy: (id: string) => Promise<boolean>;
}

/** Makes the next revision of a setting of what people write. */
export function createMakeAlertSetting({ templates, knownChannels, isPolicy }: MakeAlertSettingDeps): MakeAlertSetting {
  async function channelIssues(lists: readonly { readonly path: string; readonly ids: readonly string[] }[]): Promise<ValidationIssue[]> {
    const known = await knownChannels([...new Set(lists.flatMap(({ ids }) => ids))]);
    return lists.flatMap(({ path, ids }) =>
      ids.flatMap((id, index) =>
        known.has(id) ? [] : { path: `${path}.${index}`, message: `expected the id of a notification channel, got ${id}` },
      ),
    );
  }

  async function rule(
    input: Readonly<Record<string, unknown>>,
    { id, owner, previous, nowMs }: SettingFacts<'RULE'>,
  ): Promise<MadeSetting<'RULE'>> {
    const parsed = parseAlertRule({ ...(previous && written(previous.value)), ...input }, templates.issue);
    if (parsed.kind === 'invalid') throw new ValidationError(parsed.issues);
    const { content } = parsed;
    const issues = await channelIssues([{ path: 'channelIds', ids: content.channelIds }]);
    if (content.escalationPolicyId !== null && !(await isPolicy(content.escalationPolicyId))) {
      issues.push({ path: 'escalationPolicyId', message: `expected the id of an escalation policy, got ${content.escalationPolicyId}` });
    }
    if (issues.length > 0) throw new ValidationError(issues);
    const revision = (previous?.revision ?? 0) + 1;
    const createdAtMs = previous?.value.createdAtMs ?? nowMs;
    const value: AlertRule = { ...content, id, owner, revision, createdAtMs, updatedAtMs: nowMs, deletedAtMs: null };
    return { kind: 'RULE', id, revision, name: content.name, owner, isPrivate: content.visibility === 'PRIVATE', value, deletedAtMs: null };
  }

  async function policy(
    input: Readonly<Record<string, unknown>>,
    { id, owner, previous }: SettingFacts<'ESCALATION_POLICY'>,
  ): Promise<MadeSetting<'ESCALATION_POLICY'>> {
    const { name, steps, repeats } = previous?.value ?? {};
    const parsed = parseEscalationPolicy({ ...(previous && { name, steps, repeats }), ...input });
    if (parsed.kind === 'invalid') throw new ValidationError(parsed.issues);
    const { content } = parsed;
    const issues = await channelIssues(
      content.steps.map(({ channelIds }, index) => ({ path: `steps.${index}.channelIds`, ids: channelIds })),
    );
    if (issues.length > 0) throw new ValidationError(issues);
    const revision = (previous?.revision ?? 0) + 1;
    const value = { ...content, id, revision, deletedAtMs: null };
    return { kind: 'ESCALATION_POLICY', id, revision, name: content.name, owner, isPrivate: false, value, deletedAtMs: null };
  }

  function silence(
    input: Readonly<Record<string, unknown>>,
    { id, owner, previous, nowMs }: SettingFacts<'SILENCE'>,
  ): MadeSetting<'SILENCE'> {
    const { matchers, startsAtMs, endsAtMs, comment } = previous?.value ?? {};
    const parsed = parseSilence(
      { ...(previous && { matchers, startsAtMs, endsAtMs, comment }), ...input },
      Math.min(nowMs, startsAtMs ?? nowMs),
    );
    if (parsed.kind === 'invalid') throw new ValidationError(parsed.issues);
    const value = { ...parsed.content, id, createdBy: previous?.value.createdBy ?? owner ?? '' };
    return { kind: 'SILENCE', id, revision: (previous?.revision ?? 0) + 1, name: null, owner, isPrivate: false, value, deletedAtMs: null };
  }

  function inhibition(
    input: Readonly<Record<string, unknown>>,
    { id, owner, previous }: SettingFacts<'INHIBITION_RULE'>,
  ): MadeSetting<'INHIBITION_RULE'> {
    const { id: _id, ...before } = previous?.value ?? { id };
    const parsed = parseInhibitionRule({ ...before, ...input });
    if (parsed.kind === 'invalid') throw new ValidationError(parsed.issues);
    const { name } = parsed.content;
    return {
      kind: 'INHIBITION_RULE',
      id,
      revision: (previous?.revision ?? 0) + 1,
      name,
      owner,
      isPrivate: false,
      value: { ...parsed.content, id },
      deletedAtMs: null,
    };
  }

  const makers: {
    readonly [Kind in AlertSettingKind]: (
      input: Readonly<Record<string, unknown>>,
      facts: SettingFacts<Kind>,
    ) => Promise<MadeSetting<Kind>>;
  } = {
    RULE: rule,
    ESCALATION_POLICY: policy,
    SILENCE: async (input, facts) => silence(input, facts),
    INHIBITION_RULE: async (input, facts) => inhibition(input, facts),
  };
  return (kind, input, facts) => makers[kind](input, facts);
}

/** A rule as people write it. */
function written(rule: AlertRule): Readonly<Record<string, unknown>> {
  const {
    id: _id,
    owner: _owner,
    revision: _revision,
    createdAtMs: _made,
    updatedAtMs: _changed,
    deletedAtMs: _deleted,
    ...content
  } = rule;
  return { ...content, activeWindows: rule.activeWindows.map(writtenTimeWindow), muteWindows: rule.muteWindows.map(writtenTimeWindow) };
}
