/**
 * Type-checks the benchmarks and the fault runs, which use the built product and packages of their own. Those packages are not part of the product's installation:
 * where they are missing, this says so and passes. Exits with what the compiler exits with.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(`${root}bench/package.json`, 'utf8')) as {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};
const missing = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !existsSync(`${root}bench/node_modules/${name}`));

function compile(...parameters: string[]): number {
  return spawnSync(process.execPath, [compiler, ...parameters], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (missing.length > 0) {
  console.warn(`SKIPPED: bench/ and chaos/ are not type-checked, because these packages are missing: ${missing.join(', ')}`);
  console.warn('Install them with `npm --prefix bench ci`.');
} else {
  process.exitCode = compile('-p', 'tsconfig.build.json') || compile('-p', 'tsconfig.bench.json', '--noEmit');
}
