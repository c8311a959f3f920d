import { Engine, type NestedCondition, type RuleProperties } from 'json-rules-engine';
import type { AlertRule } from '../../dist/domain/alerts/alert-rule.js';
import type { ScreenSubject } from '../../dist/domain/alerts/screen-index.js';

export interface JsonRulesMatches {
  /** Ids of the rules whose screen the result passes, sorted. No state: it knows nothing of throttles, holding and alerts. */
  matches(subject: ScreenSubject): Promise<string[]>;
}

/** The screens of rules about matches in json-rules-engine (https://github.com/CacheControl/json-rules-engine). */
export function createJsonRulesMatches(rules: readonly AlertRule[]): JsonRulesMatches {
  const engine = new Engine(rules.map(toJsonRule));
  return {
    async matches({ symbol, strategy, metrics }) {
      const { events } = await engine.run({ symbol, strategy, metrics });
      return events.map(({ type }) => type).toSorted();
    },
  };
}

function toJsonRule({ id, condition }: AlertRule): RuleProperties {
  if (condition.kind !== 'MATCH') throw new TypeError(`expected a rule about matches, got ${condition.kind}`);
  const { symbols, strategies, metrics = {} } = condition.criteria;
  const all: NestedCondition[] = [];
  if (symbols?.in) all.push({ fact: 'symbol', operator: 'in', value: [...symbols.in] });
  if (strategies?.in) all.push({ fact: 'strategy', operator: 'in', value: [...strategies.in] });
  for (const [name, { min, max }] of Object.entries(metrics)) {
    if (min !== undefined) all.push({ fact: 'metrics', path: `$.${name}`, operator: 'greaterThanInclusive', value: min });
    if (max !== undefined) all.push({ fact: 'metrics', path: `$.${name}`, operator: 'lessThanInclusive', value: max });
  }
  return { conditions: { all }, event: { type: id } };
}
