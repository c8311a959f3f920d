import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../../../src/domain/alerts/glob.ts';
import { groupKeyOf } from '../../../../src/domain/alerts/group-key.ts';
import { inhibitedBy } from '../../../../src/domain/alerts/inhibition-rule.ts';
import { type LabelMatcher, type MatchOperator, matchesLabels, parseMatchers } from '../../../../src/domain/alerts/label-matcher.ts';
import { createRuleIssues } from '../../../../src/domain/alerts/rule-issues.ts';
import { previewSilence, silencedBy } from '../../../../src/domain/alerts/silence.ts';
import { anAlert } from '../../../support/an-alert.ts';

const matcher = (name: string, operator: MatchOperator, value: string): LabelMatcher => ({ name, operator, value });
const aSilence = (endsAtMs: number, ...matchers: LabelMatcher[]) => ({
  id: 's',
  matchers,
  startsAtMs: 100,
  endsAtMs,
  createdBy: 'ann',
  comment: '',
});

describe('a glob', () => {
  it.each([
    ['SPX*', 'SPXW', true],
    ['SPX*', 'SPX', true],
    ['SPX', 'SPXW', false],
    ['?PX', 'SPX', true],
    ['?PX', 'PX', false],
    ['*P*X*', 'aPbXc', true],
    ['SPX|NDX', 'NDX', true],
    ['SPX|NDX', 'SPX|NDX', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['', '', true],
    ['.*', 'abc', false],
  ])('%s matches %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('matches what the same regular expression matches', () => {
    const letters = (from: string) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });
    fc.assert(
      fc.property(letters('ab*?|'), letters('ab'), (pattern, text) => {
        const expression = pattern
          .split('|')
          .map((part) => part.replaceAll('*', '.*').replaceAll('?', '.'))
          .join('|');
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^(?:${expression})$`).test(text));
      }),
    );
  });
});

describe('matchers', () => {
  const labels = { symbol: 'SPX', severity: 'WARNING' };

  it('must all be met; a label that is not there is empty', () => {
    expect(matchesLabels([matcher('symbol', '=', 'SPX'), matcher('severity', '!=', 'INFO')], labels)).toBe(true);
    expect(matchesLabels([matcher('symbol', '=', 'SPX'), matcher('severity', '!=', 'WARNING')], labels)).toBe(false);
    expect(matchesLabels([matcher('desk', '=', '')], labels)).toBe(true);
    expect(matchesLabels([matcher('symbol', '!~', 'S*')], labels)).toBe(false);
    expect(matchesLabels([matcher('constructor', '=', '')], labels)).toBe(true);
  });

  it('that would match every alert are refused', () => {
    const parse = (input: unknown) => {
      const issues = createRuleIssues();
      parseMatchers(input, 'matchers', issues);
      return issues.list.map(({ path }) => path);
    };
    expect(parse([matcher('symbol', '=', 'SPX')])).toEqual([]);
    expect(parse([matcher('symbol', '=~', '*')])).toEqual(['matchers']);
    expect(parse([])).toEqual(['matchers']);
    expect(parse([{ name: 'not a name', operator: '>', value: 1 }])).toEqual([
      'matchers.0.name',
      'matchers.0.operator',
      'matchers.0.value',
    ]);
  });
});

describe('a silence', () => {
  const spx = matcher('symbol', '=', 'AAA');

  it('holds from its start to just before its end', () => {
    const at = (nowMs: number) => silencedBy([aSilence(200, spx)], { symbol: 'AAA' }, nowMs)?.untilMs ?? null;
    expect([99, 100, 199, 200].map(at)).toEqual([null, 200, 200, null]);
  });

  it('lasts as long as the longest that is in force', () => {
    expect(
      silencedBy([aSilence(200, spx), aSilence(300, spx), aSilence(900, matcher('symbol', '=', 'B'))], { symbol: 'AAA' }, 150),
    ).toEqual({ reason: 'SILENCED', untilMs: 300 });
  });

  it('shows beforehand which alerts it would mute', () => {
    const alerts = [anAlert({ id: 'a' }), anAlert({ id: 'b', labels: { symbol: 'B' } }), anAlert({ id: 'c', status: 'RESOLVED' })];
    expect(previewSilence({ matchers: [spx] }, alerts).map(({ id }) => id)).toEqual(['a']);
  });
});

describe('inhibition', () => {
  const rule = {
    id: 'i',
    name: 'i',
    source: [matcher('severity', '=', 'CRITICAL')],
    target: [matcher('severity', '!=', 'INFO')],
    equal: ['symbol'],
  };
  const critical = { severity: 'CRITICAL', symbol: 'AAA' };
  const warning = { severity: 'WARNING', symbol: 'AAA' };

  it('keeps the lesser still while the greater with the same labels is there', () => {
    expect(inhibitedBy([rule], warning, [critical, warning])).toEqual({ reason: 'INHIBITED', untilMs: null });
    expect(inhibitedBy([rule], { ...warning, symbol: 'B' }, [critical])).toBeNull();
    expect(inhibitedBy([rule], { ...warning, severity: 'INFO' }, [critical])).toBeNull();
  });

  it('never lets two alerts keep each other still', () => {
    expect(inhibitedBy([rule], critical, [critical, { ...critical }])).toBeNull();
  });
});

describe('grouping', () => {
  it('puts alerts together that have the same values', () => {
    expect(groupKeyOf({ symbol: 'A', severity: 'INFO' }, ['symbol'])).toBe(groupKeyOf({ symbol: 'A', severity: 'WARNING' }, ['symbol']));
    expect(groupKeyOf({ symbol: 'A' }, ['symbol'])).not.toBe(groupKeyOf({ symbol: 'B' }, ['symbol']));
    expect(groupKeyOf({ a: 'x,y' }, ['a', 'b'])).not.toBe(groupKeyOf({ a: 'x', b: 'y' }, ['a', 'b']));
  });
});
