import { defaultAsText } from './default-as-text.ts';
import type { Setting } from './list-settings.ts';
import { settingsBySection } from './settings-by-section.ts';

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function row(setting: Setting): string {
  const text = defaultAsText(setting);
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
  const secret = setting.secret === true ? ' Secret.' : '';
  const cells = [
    code(setting.environment),
    setting.flag === undefined ? '' : code(`--${setting.flag}`),
    code(setting.path),
    text === undefined ? '' : text === '' ? 'empty' : code(text),
    `${setting.value.expected}${unit}`,
    `${setting.description}${secret}`,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** The configuration as a Markdown table, for the README. */
export function renderConfigurationTable(settings: readonly Setting[]): string {
  const rows = settingsBySection(settings).flatMap(({ title, settings: ofSection }) => [
    `| **${title}** | | | | | |`,
    ...ofSection.map(row),
  ]);
  return ['| Variable | Flag | YAML | Default | Value | Meaning |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
