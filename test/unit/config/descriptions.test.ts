import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listSettings } from '../../../src/config/list-settings.ts';
import { renderConfigurationTable } from '../../../src/config/render-configuration-table.ts';
import { renderExampleFile } from '../../../src/config/render-example-file.ts';
import { renderHelp } from '../../../src/config/render-help.ts';
import { settingsBySection } from '../../../src/config/settings-by-section.ts';
import { configOf } from './load.ts';

const settings = listSettings();

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

describe('the definitions', () => {
  it('give every variable, flag and path to one setting only', () => {
    const flags = settings.flatMap(({ flag, value }) =>
      flag === undefined ? [] : value.form === 'switch' ? [flag, `no-${flag}`] : [flag],
    );
    expect(repeated(settings.map(({ environment }) => environment))).toEqual([]);
    expect(repeated(settings.map(({ path }) => path))).toEqual([]);
    expect(repeated([...flags, 'help', 'version', 'config'])).toEqual([]);
  });

  it('give every setting a description, and a unit to every count and time', () => {
    const undescribed = settings.filter(({ description }) => !/^[A-Z].*\.$/.test(description));
    const withoutUnit = settings.filter(({ path, unit }) => /(Ms|Bytes|Size|Results|Events)$/.test(path) && unit === undefined);
    expect([...undescribed, ...withoutUnit]).toEqual([]);
  });

  it('put every setting under a heading', () => {
    expect(settingsBySection(settings).flatMap((section) => section.settings)).toEqual(settings);
  });

  it('give no secret a flag, which other users of the machine could read', () => {
    expect(settings.filter(({ secret, flag }) => secret === true && flag !== undefined)).toEqual([]);
  });
});

describe('the help text', () => {
  const help = renderHelp(settings);

  it('lists every setting with its names', () => {
    for (const { environment, flag, path, value } of settings) {
      const dashed = flag === undefined ? '' : value.form === 'switch' ? `--[no-]${flag}  ` : `--${flag}  `;
      expect(help).toContain(`\n  ${dashed}${environment}  ${path}\n`);
    }
  });

  it('tells the default', () => {
    expect(help).toMatch(/PORT {2}server\.port\n.*\n {6}Value: a whole number from 0 to 65535\. Default: 4000\.\n/);
  });

  it('fits into 80 columns', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('the table', () => {
  it('has a row of six cells for every setting', () => {
    const rows = renderConfigurationTable(settings).split('\n');
    const cellsOf = (row: string) => row.split(/(?<!\\)\|/).length - 2;
    const described = settings.map(({ environment }) => rows.find((row) => row.startsWith(`| \`${environment}\` |`)) ?? '');
    expect(described.map(cellsOf)).toEqual(settings.map(() => 6));
  });
});

describe('the example file', () => {
  const example = renderExampleFile(settings);

  it('changes nothing as it stands', () => {
    expect(configOf({ yaml: example })).toEqual(configOf());
  });

  it('is valid with every line uncommented, and gives the defaults where there are any', () => {
    const uncommented = example.replace(/^( *)# ([A-Za-z]+: .*)$/gm, (line, pad: string, rest: string) =>
      // Of the ways to verify tokens only one may be given.
      /^(Value|[A-Z_]+|jwtPublicKey|jwksUrl): /.test(rest) ? line : pad + rest,
    );
    const config = configOf({ yaml: uncommented });
    const { path, ...feed } = config.feed;
    expect(path).toBe('/srv/strikewire/recordings/spx');
    expect(config.database.url).toBeDefined();
    expect(config.redis.url).toBeDefined();
    const { token, ...tradier } = feed.tradier;
    expect(token).toBeDefined();
    expect({ ...config, feed: { ...feed, tradier } }).toMatchObject({ ...configOf() });
  });

  it('is the one in the repository', () => {
    expect(readFileSync(new URL('../../../strikewire.example.yaml', import.meta.url), 'utf8')).toBe(example);
  });
});
