import type { z } from 'zod';
import { type Config, configModel } from './config.ts';
import type { ConfigIssue } from './config-error.ts';
import { describeValue } from './describe-value.ts';
import type { GivenValues } from './given-value.ts';
import type { Setting } from './list-settings.ts';
import { SETTING_CHECKS } from './setting-checks.ts';

type Tree = { [key: string]: unknown };

function treeOf(given: GivenValues, settings: readonly Setting[], without: ReadonlySet<string>): Tree {
  const root: Tree = {};
  for (const { keys, path } of settings) {
    let section = root;
    for (const key of keys.slice(0, -1)) {
      section[key] ??= {};
      section = section[key] as Tree;
    }
    const value = given.get(path);
    if (value !== undefined && !without.has(path)) section[keys.at(-1)!] = value.raw;
  }
  return root;
}

function owner(issue: z.core.$ZodIssue, settings: readonly Setting[]): Setting {
  const found = settings.find(({ keys }) => keys.every((key, index) => issue.path[index] === key));
  if (found === undefined) throw new Error(`expected a setting at ${issue.path.join('.')}, got none`);
  return found;
}

export interface ParsedValues {
  readonly config: z.output<typeof configModel>;
  readonly issues: readonly ConfigIssue[];
}

/**
 * Parses what was given and applies the checks. `unknown` are settings whose value could not be found out (the file that may hold it is broken). When values are malformed, `config` holds defaults in their place, so that the checks that don't read
 * them still run and everything wrong is found at once; `config` is only fit for use when there are no issues.
 */
export function parseValues(given: GivenValues, settings: readonly Setting[], unknown: ReadonlySet<string>): ParsedValues {
  const issues: ConfigIssue[] = [];
  const malformed = new Set(unknown);
  let parsed = configModel.safeParse(treeOf(given, settings, malformed), { reportInput: true });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const setting = owner(issue, settings);
      const { source, from, raw } = given.get(setting.path)!;
      const subject = from === 'file' ? `${setting.path}: ` : '';
      const got = describeValue(issue.input === undefined ? raw : issue.input, setting);
      // A value made of many says itself what is wrong with which of them.
      const inOwnWords = issue.code === 'custom' && issue.params?.inOwnWords === true;
      const message = subject + (inOwnWords ? issue.message : `expected ${setting.value.expected}, got ${got}`);
      // One value can break several rules of its model (neither safe nor in range); for people it is one mistake.
      if (!issues.some((other) => other.source === source && other.message === message)) issues.push({ source, message });
      malformed.add(setting.path);
    }
    parsed = configModel.safeParse(treeOf(given, settings, malformed));
    if (!parsed.success) throw parsed.error;
  }
  const config = parsed.data;
  for (const { reads, check } of SETTING_CHECKS) {
    if (reads.some((path) => malformed.has(path))) continue;
    const fault = check(config as Config, given);
    if (fault !== undefined) issues.push({ source: given.get(fault.setting)?.source ?? fault.setting, message: fault.message });
  }
  return { config, issues };
}
