import { rmSync, writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Leaves `{ passed, failed, skipped }` of a run in the file that TEST_COUNTS_FILE names; does nothing without it. What failed outside of a test (a file that
 * cannot be loaded, a hook, an error nobody caught) counts as one failure each, and a test that was not run to its end as well.
 */
export default class CountReporter implements Reporter {
  readonly #file = process.env.TEST_COUNTS_FILE;

  /** Counts of an earlier run must not be taken for this one's when it is killed. */
  onInit(): void {
    if (this.#file) rmSync(this.#file, { force: true });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    if (!this.#file) return;
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'failed' : state]++;
      }
      for (const suite of [module, ...module.children.allSuites()]) counts.failed += suite.errors().length;
    }
    writeFileSync(this.#file, `${JSON.stringify(counts)}\n`);
  }
}
