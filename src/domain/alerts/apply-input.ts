import type { CompiledRule } from './compiled-rule.ts';
import type { Level } from './rule-condition.ts';
import { end, meet, type RuleDraft, set } from './rule-draft.ts';
import type { RuleInput } from './rule-input.ts';

/** More are not followed: who comes when the screen is full is not told until somebody leaves. */
const MOST_MEMBERS = 1_000;

/** MET: at or beyond the level of firing. ENDED: back beyond the level of clearing. BETWEEN: as it was. */
type Standing = 'MET' | 'BETWEEN' | 'ENDED';

export function standingOf({ direction, fireAt, clearAt }: Level, value: number): Standing {
  if (direction === 'ABOVE' ? value >= fireAt : value <= fireAt) return 'MET';
  return (direction === 'ABOVE' ? value < clearAt : value > clearAt) ? 'ENDED' : 'BETWEEN';
}

/** What a sample that is neither late nor repeated does to the phase. */
export function applyInput(compiled: CompiledRule, draft: RuleDraft, input: RuleInput, nowMs: number): void {
  if (input.kind === 'NUMBER') applyNumber(compiled, draft, input.value, nowMs);
  else if (input.kind === 'RESULT') applyResult(compiled, draft, input.isMatch, nowMs);
  else if (input.kind === 'MEMBER') applyMember(compiled, draft, input, nowMs);
  // What has been seen is not absent; when it is again, time tells.
  else if (input.kind === 'PRESENCE') end(compiled, draft, nowMs);
}

function applyNumber(compiled: CompiledRule, draft: RuleDraft, value: number | null, nowMs: number): void {
  if (value === null || !Number.isFinite(value)) return;
  set(draft, { value });
  const standing = standingOf(compiled.level!, value);
  const { phase } = draft.state;
  if (compiled.rule.occurrences) {
    const isHit = phase === 'FIRING' ? standing !== 'ENDED' : standing === 'MET';
    applyStanding(compiled, draft, countHit(compiled, draft, isHit), nowMs);
  } else if (standing === 'MET') applyStanding(compiled, draft, true, nowMs);
  // To be counted as lasting the condition must hold in full; an alert that is there goes on until the level of clearing.
  else if (standing === 'ENDED' || phase === 'PENDING') applyStanding(compiled, draft, false, nowMs);
}

function applyStanding(compiled: CompiledRule, draft: RuleDraft, isMet: boolean, nowMs: number): void {
  if (!isMet) end(compiled, draft, nowMs);
  else if (draft.state.phase === 'NORMAL' || draft.state.phase === 'RECOVERING') meet(compiled, draft, nowMs);
}

/** Notes the outcome of a sample; whether at least n of the last m held. */
function countHit({ rule }: CompiledRule, draft: RuleDraft, isHit: boolean): boolean {
  const { n, m } = rule.occurrences!;
  const hits = ((draft.state.hits ?? '') + (isHit ? '1' : '0')).slice(-m);
  set(draft, { hits });
  let held = 0;
  for (let i = 0; i < hits.length; i++) if (hits[i] === '1') held++;
  return held >= n;
}

function applyResult(compiled: CompiledRule, draft: RuleDraft, isMatch: boolean, nowMs: number): void {
  const isEnough = compiled.rule.occurrences === null || countHit(compiled, draft, isMatch);
  if (isMatch && isEnough) meet(compiled, draft, nowMs);
}

function applyMember(compiled: CompiledRule, draft: RuleDraft, input: Extract<RuleInput, { kind: 'MEMBER' }>, nowMs: number): void {
  const { member, isIn, isKnown } = input;
  const { condition } = compiled.rule;
  if (condition.kind !== 'ENTER_EXIT') return;
  const { members } = draft.state;
  const wasIn = members.includes(member);
  if (wasIn === isIn || (isIn && members.length >= MOST_MEMBERS)) return;
  set(draft, { members: isIn ? [...members, member] : members.filter((one) => one !== member) });
  // What has long been in the screen, and what comes and goes outside the active windows, is noted and not told.
  if (isKnown || draft.state.activeSinceMs === null) return;
  const isTold = condition.on === 'BOTH' || (condition.on === 'ENTER') === isIn;
  if (isTold && (compiled.rule.occurrences === null || countHit(compiled, draft, true))) meet(compiled, draft, nowMs);
  if (condition.on === 'ENTER' && draft.state.members.length === 0) end(compiled, draft, nowMs);
}
