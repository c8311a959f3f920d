import { z } from 'zod';
import { LIMIT_NAMES, LIMITED_ROLES, LIMITS, type LimitedRole, type LimitName, type Limits } from '../../domain/limits/limit-policy.ts';
import { describeName } from '../describe-value.ts';
import { nearestName } from '../nearest-name.ts';
import { numberFromText } from './number-from-text.ts';
import type { SettingValue } from './setting-value.ts';
import { switchValue } from './switch-value.ts';

export type RoleLimits = Partial<Record<LimitedRole, Partial<Limits>>>;

const EXPECTED = 'limits by role, such as {"TRADER": {"operationsPerSecond": 20}}';
const NAMES = [...LIMIT_NAMES, 'introspection'] as const;

/** What differs from the defaults, by role: a YAML mapping of mappings, or the same as JSON. Everything that is wrong in it is told, each with its place. */
export const roleLimits: SettingValue<RoleLimits> = {
  schema: z.unknown().transform((input, context): RoleLimits => {
    const tell = (message: string) => context.addIssue({ code: 'custom', message, params: { inOwnWords: true }, continue: false });
    const roles = mappingOf(input);
    if (!roles) {
      tell(`expected ${EXPECTED}, got ${typeof input === 'string' ? 'text that is no JSON object' : kindOf(input)}`);
      return {};
    }
    const parsed: RoleLimits = {};
    for (const [role, given] of Object.entries(roles)) {
      if (!isOneOf(role, LIMITED_ROLES)) tell(`unknown role ${describeName(role)}, the nearest known is ${nearestOf(role, LIMITED_ROLES)}`);
      // Nothing behind the name: the role has no limits of its own.
      const limits = given === null ? {} : mappingOf(given);
      if (!limits) tell(`${describeName(role)}: expected a mapping of limits, got ${kindOf(given)}`);
      else if (isOneOf(role, LIMITED_ROLES)) parsed[role] = parseLimits(role, limits, tell);
      else parseLimits(describeName(role), limits, tell);
    }
    return parsed;
  }),
  expected: EXPECTED,
  form: 'single',
};

function parseLimits(role: string, given: Readonly<Record<string, unknown>>, tell: (message: string) => void): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> & { introspection?: boolean } = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (name === 'introspection') {
      const parsed = switchValue.schema.safeParse(value);
      if (parsed.success) limits.introspection = parsed.data;
      else tell(`${role}.introspection: expected ${switchValue.expected}, got ${described(value)}`);
    } else if (isOneOf(name, LIMIT_NAMES)) {
      const { least, greatest, unit } = LIMITS[name];
      const number = numberFromText(value);
      if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= greatest) limits[name] = number;
      else tell(`${role}.${name}: expected a whole number from ${least} to ${greatest} (${unit}), got ${described(value)}`);
    } else tell(`${role}: unknown limit ${describeName(name)}, the nearest known is ${nearestOf(name, NAMES)}`);
  }
  return limits;
}

function mappingOf(input: unknown): Readonly<Record<string, unknown>> | null {
  let value = input;
  if (typeof input === 'string') {
    try {
      value = JSON.parse(input);
    } catch {
      return null;
    }
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
}

function isOneOf<T extends string>(name: string, names: readonly T[]): name is T {
  return (names as readonly string[]).includes(name);
}

function nearestOf(name: string, names: readonly string[]): string {
  return nearestName(
    name,
    names.map((known) => ({ name: known })),
  )!;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'nothing' : typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function described(value: unknown): string {
  if (typeof value === 'object') return kindOf(value);
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}
