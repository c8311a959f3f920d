import { describe, expect, it } from 'vitest';
import { DEFAULT_MESSAGE } from '../../../../src/domain/alerts/default-message.ts';
import { escapeOutput, type MessageFormat } from '../../../../src/domain/alerts/escape-output.ts';
import { createMessageTemplates } from '../../../../src/domain/alerts/message-templates.ts';
import { SAMPLE_MESSAGE_VIEW } from '../../../../src/domain/alerts/sample-message-view.ts';

const templates = createMessageTemplates();
const render = (text: string, format: MessageFormat = 'PLAIN', view = SAMPLE_MESSAGE_VIEW) => templates.render(text, format, view);

describe('a message template', () => {
  it('says what the alert is', () => {
    expect(
      render(
        '{{ rule.name }}: {{ alert.value | times: 100 | round: 1 }} % of {{ labels.symbol }}{% if result %}, {{ result.metrics.score }}{% endif %}',
      ),
    ).toBe('Sample: 42 % of AAA, 80');
    expect(render('{% for part in group %}{{ part[0] }}={{ part[1] }};{% endfor %}')).toBe('symbol=AAA;');
    expect(render("{{ alert.firedAt | date: '%H:%M' }}")).toBe('15:30');
  });

  it('of the product is valid and tells of firing, matching and resolving', () => {
    expect(templates.issue(DEFAULT_MESSAGE.title)).toBeNull();
    expect(templates.issue(DEFAULT_MESSAGE.body)).toBeNull();
    const live = { ...SAMPLE_MESSAGE_VIEW, isTest: false };
    expect(render(DEFAULT_MESSAGE.title, 'PLAIN', live)).toBe('[WARNING] Sample AAA');
    expect(render(DEFAULT_MESSAGE.body, 'PLAIN', live)).toBe(
      'An example.\nValue 0.42, level 0.4\nAAA BULL_PUT_SPREAD 2024-02-16: +1 AAA 95 P, -1 AAA 100 P, score 80\nFired 2024-01-02T15:30:00.000Z',
    );
    const resolved = { ...live, alert: { ...live.alert, status: 'RESOLVED', resolvedAt: '2024-01-02T16:00:00.000Z' } };
    expect(render(DEFAULT_MESSAGE.title, 'PLAIN', resolved)).toBe('Resolved: [WARNING] Sample AAA');
    const ofPosition = { ...live, group: { filter: '01890a5d-ac96-774b-bcce-b302099a8057', legs: '+1 AAA 95 P' } };
    expect(render(DEFAULT_MESSAGE.title, 'PLAIN', ofPosition)).toBe('[WARNING] Sample +1 AAA 95 P');
    const ofFilter = { ...live, result: null, group: { filter: '01890a5d' }, alert: { ...live.alert, value: 0.1 + 0.2 } };
    expect(render(DEFAULT_MESSAGE.title, 'PLAIN', ofFilter)).toBe('[WARNING] Sample 01890a5d');
    expect(render(DEFAULT_MESSAGE.body, 'PLAIN', ofFilter)).toContain('Value 0.3,');
  });

  it('escapes every value for what it is written in', () => {
    const view = { ...SAMPLE_MESSAGE_VIEW, labels: { symbol: `<!channel> & "quoted" 'x'\n` } };
    expect(render('<b>{{ labels.symbol }}</b>', 'HTML', view)).toBe('<b>&lt;!channel&gt; &amp; &quot;quoted&quot; &#39;x&#39;\n</b>');
    expect(render('*{{ labels.symbol }}*', 'SLACK', view)).toBe(`*&lt;!channel&gt; &amp; "quoted" 'x'\n*`);
    expect(JSON.parse(render('{"symbol":"{{ labels.symbol }}"}', 'JSON', view))).toEqual({ symbol: view.labels.symbol });
    expect(render('{{ labels.symbol | append: "<" }}', 'HTML', view)).not.toContain('<');
  });

  it.each([
    ['{{ alert.sevrity }}', 'did you mean severity?'],
    ['{{ secrets }}', 'expected one of alert'],
    ['{{ alert.value | raw }}', 'raw'],
    ['{% include "x" %}', 'include'],
    ['{% render "/etc/passwd" %}', 'render'],
    ['{% if alert.value %}', 'not closed'],
    ['{{ alert.value | roudn }}', 'roudn'],
    ['{% for i in (1..1000000000) %}x{% endfor %}', 'limit'],
    [
      '{% for a in labels %}{% for b in labels %}{% for c in labels %}{% for d in labels %}{% for e in labels %}{% for f in labels %}{{ rule.description }}0123456789{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}',
      'limit',
    ],
    ['{% assign x = "0123456789" %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}', 'limit'],
    ["{{ alert.firedAt | date: '%99999999d' }}", 'limit'],
    ['x'.repeat(10_001), 'at most 10000'],
  ])('that is %s is refused when it is saved', (text, part) => {
    expect(templates.issue(text)).toContain(part);
  });

  it('cannot reach what is not in the view', () => {
    for (const path of ['labels.constructor', 'labels.__proto__.polluted', 'result.metrics.toString', 'group.hasOwnProperty.name'])
      expect(render(`{{ ${path} }}`)).toBe('');
  });

  it('renders numbers, nothing and objects as text', () => {
    expect(render('{{ result.metrics.impliedVolatility }}|{{ alert.level }}|{{ group }}')).toBe('|0.4|{"symbol":"AAA"}');
  });
});

describe('escaping a plain text', () => {
  it('leaves it as it is for JSON readers', () => {
    const text = 'a "b" \\ \u2028 \n';
    expect(JSON.parse(`"${escapeOutput('JSON', text)}"`)).toBe(text);
  });
});
