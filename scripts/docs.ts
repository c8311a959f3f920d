/**
 * Writes the generated parts of the documentation: the tables between markers in the README, and the example configuration.
 * With `--check` it writes nothing and exits with 1, naming what is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listSettings } from '../src/config/list-settings.ts';
import { renderConfigurationTable } from '../src/config/render-configuration-table.ts';
import { renderExampleFile } from '../src/config/render-example-file.ts';
import { costsOfWork } from '../src/schema/costs-of-work.ts';
import { schema } from '../src/schema/index.ts';
import { rootPermissions } from '../src/schema/root-permissions.ts';
import { replaceGeneratedBlock } from './generated-block.ts';
import { renderAccessTable } from './render-access-table.ts';
import { renderCostsTable } from './render-costs-table.ts';
import { renderLimitsTable } from './render-limits-table.ts';

interface GeneratedDocument {
  /** Relative to the repository root. */
  readonly path: string;
  /** What the file should hold, from what it holds now (empty when it does not exist). */
  readonly update: (current: string) => string;
}

const settings = listSettings();

const DOCUMENTS: readonly GeneratedDocument[] = [
  { path: 'README.md', update: (current) => replaceGeneratedBlock(current, 'configuration', renderConfigurationTable(settings)) },
  { path: 'docs/access.md', update: (current) => replaceGeneratedBlock(current, 'roles', renderAccessTable(rootPermissions(schema))) },
  {
    path: 'docs/limits.md',
    update: (current) =>
      replaceGeneratedBlock(replaceGeneratedBlock(current, 'limits', renderLimitsTable()), 'costs', renderCostsTable(costsOfWork(schema))),
  },
  { path: 'strikewire.example.yaml', update: () => renderExampleFile(settings) },
];

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

const check = process.argv.includes('--check');
for (const { path, update } of DOCUMENTS) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const current = readOrEmpty(file);
  try {
    const updated = update(current);
    if (updated === current) continue;
    if (check) {
      console.error(`${path} is stale: run npm run docs`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, updated);
      console.log(`${path} written`);
    }
  } catch (error) {
    console.error(`${path}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
