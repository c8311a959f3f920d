/**
 * Prints the closing line of .ci/run from the counts the test run left in a file, and exits as the whole run should: a step that failed outside of the tests
 * counts as one failure.
 */
import { readFileSync } from 'node:fs';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const [file = '', failedStep = '0'] = process.argv.slice(2);

function readCounts(): Counts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return null;
  }
}

const counts = readCounts();
const stepFailed = failedStep !== '0';
const failed = counts === null ? 1 : counts.failed === 0 && stepFailed ? 1 : counts.failed;
process.exitCode = failed > 0 || stepFailed || counts?.passed === 0 ? 1 : 0;
console.log(`tests: ${counts?.passed ?? 0} passed, ${failed} failed, ${counts?.skipped ?? 0} skipped`);
