import { stringify } from 'yaml';
import type { Setting } from './list-settings.ts';
import { SECTION_TITLES } from './section-titles.ts';

function indent(depth: number): string {
  return '  '.repeat(depth);
}

function renderSetting(setting: Setting): string[] {
  const pad = indent(setting.keys.length - 1);
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
  const value = stringify(setting.default ?? setting.example, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return [
    `${pad}# ${setting.environment}: ${setting.description}`,
    `${pad}# Value: ${setting.value.expected}${unit}`,
    `${pad}# ${setting.keys.at(-1)}: ${value}`,
  ];
}

/** A YAML file that names every setting with its default, all commented out, so that a copy of it changes nothing until a line is uncommented. */
export function renderExampleFile(settings: readonly Setting[]): string {
  const lines = ['# Every setting with its default. Copy this file to strikewire.yaml and uncomment what you change.'];
  let open: readonly string[] = [];
  for (const setting of settings) {
    const sections = setting.keys.slice(0, -1);
    sections.forEach((key, depth) => {
      if (open[depth] === key) return;
      if (depth === 0) lines.push('', `# ${SECTION_TITLES[key as keyof typeof SECTION_TITLES]}`);
      lines.push(`${indent(depth)}${key}:`);
    });
    open = sections;
    lines.push(...renderSetting(setting));
  }
  return `${lines.join('\n')}\n`;
}
