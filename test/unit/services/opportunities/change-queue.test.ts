import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { OpportunityChangeDraft } from '../../../../src/domain/opportunities/opportunity-change.ts';
import { createChangeQueue } from '../../../../src/services/opportunities/change-queue.ts';

const draft = (id: string) => ({ id }) as OpportunityChangeDraft;
const never = new AbortController().signal;

/** A writer without room: what it is offered is taken when the test says so. */
function aFullWriter() {
  const taken: string[] = [];
  const offers: { ids: string[]; take: () => void }[] = [];
  let isFull = true;
  return {
    taken,
    offers,
    makeRoom() {
      isFull = false;
      for (const { take } of offers.splice(0)) take();
    },
    accept(drafts: readonly OpportunityChangeDraft[], signal: AbortSignal): Promise<void> {
      const ids = drafts.map(({ id }) => id);
      return new Promise((resolve, reject) => {
        const take = () => {
          taken.push(...ids);
          resolve();
        };
        if (!isFull) return take();
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        offers.push({ ids, take });
      });
    },
  };
}

it('changes wait for room in the writer in the order they were told', async () => {
  const writer = aFullWriter();
  const queue = createChangeQueue(writer);
  const first = queue.addAndWait([draft('entered')], never);
  queue.add([draft('left')]);
  const last = queue.addAndWait([draft('entered again')], never);
  await nextTurn();
  // A writer with room for one of two offers could take the later one.
  expect(writer.offers.map(({ ids }) => ids)).toEqual([['entered']]);
  writer.makeRoom();
  await Promise.all([first, last]);
  expect(writer.taken).toEqual(['entered', 'left', 'entered again']);
});

it('a scan waits for its own changes, not for those told after them', async () => {
  const writer = aFullWriter();
  const queue = createChangeQueue(writer);
  const first = queue.addAndWait([draft('entered')], never);
  queue.add([draft('left')]);
  await nextTurn();
  writer.offers.shift()!.take();
  await first;
  expect(writer.taken).toEqual(['entered']);
});

it('a scan that gives up waiting leaves its changes to be stored', async () => {
  const writer = aFullWriter();
  const queue = createChangeQueue(writer);
  const givingUp = new AbortController();
  const waiting = queue.addAndWait([draft('entered')], givingUp.signal);
  givingUp.abort(new Error('scanner stops'));
  await expect(waiting).rejects.toThrow('scanner stops');
  writer.makeRoom();
  await queue.addAndWait([draft('left')], never);
  expect(writer.taken).toEqual(['entered', 'left']);
});

it('what waits is handed over while there is time at the end', async () => {
  const writer = aFullWriter();
  const queue = createChangeQueue(writer);
  queue.add([draft('entered')]);
  queue.add([draft('left')]);
  const stopped = queue.stop(60_000);
  writer.makeRoom();
  await stopped;
  expect(writer.taken).toEqual(['entered', 'left']);
});

it('nothing is waited for when the time at the end is up', async () => {
  const writer = aFullWriter();
  const queue = createChangeQueue(writer);
  const waiting = queue.addAndWait([draft('entered')], never);
  await queue.stop(1);
  await waiting;
  await queue.addAndWait([draft('left')], never);
  expect(writer.taken).toEqual([]);
});

it('nothing told, nothing waited for', async () => {
  const writer = aFullWriter();
  await createChangeQueue(writer).addAndWait([], never);
  expect(writer.offers).toEqual([]);
});
