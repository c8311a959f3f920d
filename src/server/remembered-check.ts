import type { CheckOutcome } from './health.ts';

/**
 * A check that answers in time whatever happens to what it looks at: one look at a time, shared by all who ask meanwhile. While it takes longer than `answerWithinMs`,
 * the last outcome stands; before the first there is none, and the part counts as failed. The check itself must end at some time.
 */
export function rememberedCheck(check: () => Promise<CheckOutcome>, answerWithinMs: number): () => Promise<CheckOutcome> {
  let last: CheckOutcome = { ok: false, detail: 'not known yet' };
  let looking: Promise<CheckOutcome> | null = null;

  async function look(): Promise<CheckOutcome> {
    try {
      last = await check();
    } catch (error) {
      last = { ok: false, detail: error instanceof Error ? error.message : 'failed' };
    }
    return last;
  }

  return async () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<CheckOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ ok: last.ok, detail: `${last.detail}, no answer for ${answerWithinMs} ms` }), answerWithinMs);
    });
    try {
      return await Promise.race([looking, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
