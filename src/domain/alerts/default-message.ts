import type { MessageTemplate } from './alert-rule.ts';

/** The message of rules that have none of their own. */
export const DEFAULT_MESSAGE: MessageTemplate = {
  title:
    "{% if isTest %}[Test] {% endif %}{% if alert.status == 'RESOLVED' %}Resolved: {% endif %}[{{ alert.severity }}] {{ rule.name }}{% for part in group %} {{ part[1] }}{% endfor %}",
  body: `{% if rule.description != '' %}{{ rule.description }}
{% endif %}{% if alert.value != nil %}Value {{ alert.value }}{% if alert.level != nil %}, level {{ alert.level }}{% endif %}
{% endif %}{% if result %}{{ result.symbol }} {{ result.strategy }} {{ result.expiration }}: {{ result.legs }}{% if result.metrics.score != nil %}, score {{ result.metrics.score | round: 1 }}{% endif %}
{% endif %}Fired {{ alert.firedAt }}{% if alert.resolvedAt %}, resolved {{ alert.resolvedAt }}{% endif %}{% if alert.matches > 1 %}, met {{ alert.matches }} times{% endif %}`,
};
