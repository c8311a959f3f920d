import type { MessageTemplate } from './alert-rule.ts';

/** The message of rules that have none of their own. The id of a filter says nothing to readers where the result is told as well. */
export const DEFAULT_MESSAGE: MessageTemplate = {
  title:
    "{% if isTest %}[Test] {% endif %}{% if alert.status == 'RESOLVED' %}Resolved: {% endif %}[{{ alert.severity }}] {{ rule.name }}{% for part in group %}{% unless part[0] == 'filter' and result %} {{ part[1] }}{% endunless %}{% endfor %}",
  body: `{% if rule.description != '' %}{{ rule.description }}
{% endif %}{% if alert.value != nil %}Value {{ alert.value | round: 6 }}{% if alert.level != nil %}, level {{ alert.level }}{% endif %}
{% endif %}{% if result %}{{ result.symbol }} {{ result.strategy }} {{ result.expiration }}: {{ result.legs }}{% if result.metrics.score != nil %}, score {{ result.metrics.score | round: 1 }}{% endif %}
{% endif %}Fired {{ alert.firedAt }}{% if alert.resolvedAt %}, resolved {{ alert.resolvedAt }}{% endif %}{% if alert.matches > 1 %}, met {{ alert.matches }} times{% endif %}`,
};
