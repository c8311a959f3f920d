import type { ConfigIssue } from './config-error.ts';
import { describeName } from './describe-value.ts';
import type { GivenValue, GivenValues } from './given-value.ts';
import type { Setting } from './list-settings.ts';
import { type KnownName, nearestName } from './nearest-name.ts';

export interface FlagReading {
  readonly help: boolean;
  readonly version: boolean;
  readonly configFile: GivenValue | undefined;
  readonly values: GivenValues;
  readonly issues: readonly ConfigIssue[];
}

type Target = { readonly setting: Setting; readonly negated: boolean } | 'config' | 'help' | 'version';

function flagTargets(settings: readonly Setting[]): Map<string, Target> {
  const targets = new Map<string, Target>([
    ['--help', 'help'],
    ['-h', 'help'],
    ['--version', 'version'],
    ['-v', 'version'],
    ['--config', 'config'],
  ]);
  for (const setting of settings) {
    if (setting.flag === undefined) continue;
    targets.set(`--${setting.flag}`, { setting, negated: false });
    if (setting.value.form === 'switch') targets.set(`--no-${setting.flag}`, { setting, negated: true });
  }
  return targets;
}

function knownFlags(targets: ReadonlyMap<string, Target>): KnownName[] {
  return [...targets].map(([name, target]) =>
    typeof target === 'string' ? { name } : { name, alsoKnownAs: target.negated ? [] : [target.setting.environment, target.setting.path] },
  );
}

/** Switches take an argument only when one stands there; everything else takes the next one unless it is a long flag (`-5` is a value). */
function takesNext(target: Target | undefined, next: string | undefined): next is string {
  if (next === undefined || next.startsWith('--')) return false;
  if (target === undefined || target === 'config') return !next.startsWith('-');
  if (typeof target === 'string' || target.negated) return false;
  return target.setting.value.form !== 'switch' || !next.startsWith('-');
}

interface Argument {
  readonly name: string;
  readonly value: string | undefined;
  readonly target: Target | undefined;
}

/** Splits `--name value` and `--name=value`; arguments that belong to no flag are issues, named by place because they may be a secret. */
function splitArguments(argv: readonly string[], targets: ReadonlyMap<string, Target>, issues: ConfigIssue[]): Argument[] {
  const split: Argument[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index]!;
    if (argument === '--') continue;
    if (!argument.startsWith('-')) {
      issues.push({ source: `argument ${index + 1}`, message: 'expected a flag such as --feed, got a bare word' });
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals === -1 ? argument : argument.slice(0, equals);
    const target = targets.get(name);
    if (equals !== -1) {
      split.push({ name, value: argument.slice(equals + 1).trim(), target });
    } else if (takesNext(target, argv[index + 1])) {
      index += 1;
      split.push({ name, value: argv[index]!.trim(), target });
    } else {
      split.push({ name, value: undefined, target });
    }
  }
  return split;
}

/** Reads the command line (without the program's own name). Values stay text; whether they fit is found out when the whole is parsed. */
export function readFlags(argv: readonly string[], settings: readonly Setting[]): FlagReading {
  const targets = flagTargets(settings);
  const issues: ConfigIssue[] = [];
  const values = new Map<string, GivenValue>();
  const asked = { help: false, version: false };
  let configFile: GivenValue | undefined;

  for (const { name, value, target } of splitArguments(argv, targets, issues)) {
    const source = `flag ${name}`;
    if (target === undefined) {
      const shown = name.replace(/^-+/, '');
      const nearest = nearestName(shown, knownFlags(targets));
      issues.push({ source: 'command line', message: `unknown flag --${describeName(shown)}, the nearest known is ${nearest}` });
    } else if (target === 'help' || target === 'version') {
      asked[target] = true;
    } else if (target === 'config') {
      if (configFile !== undefined) issues.push({ source, message: 'expected once, got it more than once' });
      else if (value === undefined || value === '') issues.push({ source, message: 'expected a file behind it, got nothing' });
      else configFile = { raw: value, from: 'flag', source };
    } else {
      const issue = takeSetting(target, value, source, values);
      if (issue !== undefined) issues.push(issue);
    }
  }
  return { ...asked, configFile, values, issues };
}

function takeSetting(
  { setting, negated }: Exclude<Target, string>,
  value: string | undefined,
  source: string,
  values: Map<string, GivenValue>,
): ConfigIssue | undefined {
  const { form, expected } = setting.value;
  if (negated && value !== undefined) return { source, message: 'expected no value behind it, got one' };
  if (value === '' || (value === undefined && form !== 'switch')) return { source, message: `expected ${expected}, got nothing` };
  const earlier = values.get(setting.path);
  if (earlier !== undefined && form !== 'list') return { source, message: 'expected once, got it more than once' };
  const raw = earlier === undefined ? (value ?? String(!negated)) : `${String(earlier.raw)},${value}`;
  values.set(setting.path, { raw, from: 'flag', source });
  return undefined;
}
