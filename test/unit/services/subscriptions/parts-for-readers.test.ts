import { expect, it } from 'vitest';
import type { Viewer } from '../../../../src/domain/access/viewer.ts';
import { partsForReaders } from '../../../../src/services/subscriptions/parts-for-readers.ts';
import { aCaller } from '../../../support/a-caller.ts';

interface Row {
  readonly sequence: number;
  readonly owner: string | null;
}

const visibility = {
  isPrivate: ({ owner }: Row) => owner !== null,
  isHidden: ({ owner }: Row, { subject }: Viewer) => owner !== null && owner !== subject,
};

function partsOf(owners: readonly (string | null)[], subjects: readonly (string | null)[]) {
  const rows = owners.map((owner, index) => ({ sequence: 10 + index, owner }));
  const item = {
    rows,
    firstSequence: 10,
    position: { atMs: 1, sequence: 20 },
    after: { atMs: 0, sequence: 9 },
    missed: 0,
    missedSince: null,
  };
  const viewers = new Map(subjects.map((subject, index) => [`${subject} ${index}`, subject === null ? null : aCaller({ subject }).viewer]));
  return partsForReaders(item, viewers, visibility, ({ sequence }) => sequence).map((part) => ({
    rows: part.item.rows.map(({ sequence }) => sequence),
    first: part.item.firstSequence,
    isWhole: part.item === item,
    readers: part.readers,
  }));
}

it('those who see the same get the same item', () => {
  expect(partsOf([null, 'ann', null], ['bob', 'ann', 'carl', null])).toEqual([
    { rows: [10, 12], first: 10, isWhole: false, readers: ['bob 0', 'carl 2', 'null 3'] },
    { rows: [10, 11, 12], first: 10, isWhole: true, readers: ['ann 1'] },
  ]);
});

it('who sees nothing of it gets none', () => {
  expect(partsOf(['ann', 'carl'], ['bob', 'ann', 'carl'])).toEqual([
    { rows: [10], first: 10, isWhole: false, readers: ['ann 1'] },
    { rows: [11], first: 11, isWhole: false, readers: ['carl 2'] },
  ]);
});
