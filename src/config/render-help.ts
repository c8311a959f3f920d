import { defaultAsText } from './default-as-text.ts';
import type { Setting } from './list-settings.ts';
import { CONFIG_FILE_VARIABLE } from './read-environment.ts';
import { settingsBySection } from './settings-by-section.ts';

/** Readable without wrapping in the narrowest terminal people use. */
const LINE_WIDTH = 80;
const INDENT = '      ';

const INTRODUCTION = `Strikewire: scans option chains and pushes what it finds over GraphQL.

Usage: npm start -- [flags]

Every setting can be given as an environment variable or in a YAML file, many as
a flag too. Flags win over variables, variables over the file, the file over the
defaults. Switches also understand yes, no, on, off, 1 and 0.

  --config FILE   the YAML file to read; else the one that ${CONFIG_FILE_VARIABLE}
                  names, else strikewire.yaml in the working directory
  --help, -h      print this text
  --version, -v   print the version`;

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(' ')) {
    if (line.length + word.length > LINE_WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

function flagUsage({ flag, value }: Setting): string[] {
  if (flag === undefined) return [];
  return [value.form === 'switch' ? `--[no-]${flag}` : `--${flag}`];
}

function renderSetting(setting: Setting): string {
  const names = [...flagUsage(setting), setting.environment, setting.path].join('  ');
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
  const text = defaultAsText(setting);
  const fallback = text === undefined ? '' : ` Default: ${text === '' ? 'empty' : text}.`;
  return [`  ${names}`, ...wrap(setting.description), ...wrap(`Value: ${setting.value.expected}${unit}.${fallback}`)].join('\n');
}

/** The text of `--help`: every setting with its flag, variable, YAML path, meaning, unit, form and default. */
export function renderHelp(settings: readonly Setting[]): string {
  const sections = settingsBySection(settings).map(({ title, settings: ofSection }) =>
    [`${title}:`, ...ofSection.map(renderSetting)].join('\n'),
  );
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}
