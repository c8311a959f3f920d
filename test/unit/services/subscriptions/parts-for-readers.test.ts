import { expect, it } from 'vitest';
import type { Viewer } from '../../../../src/domain/access/viewer.ts';
import { partsForReaders } from '../../../../src/services/subscriptions/parts-for-readers.ts';
import { aCaller } from '../../../support/a-caller.ts';

interface Row {
  readonly sequence: number;
  readonly owner: string | null;
}

const OWNERS_OF_NOTHING = {};
const owners = new Map<string, object>(['ann', 'carl'].map((owner) => [owner, { owner }]));
let questions = 0;
const visibility = {
  isPrivate: ({ owner }: Row) => owner !== null,
  isHidden({ owner }: Row, { subject }: Viewer) {
    questions++;
    return owner !== null && owner !== subject;
  },
  classOf: ({ subject }: Viewer) => owners.get(subject) ?? OWNERS_OF_NOTHING,
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

it('rows are looked at once for all from whom the same is hidden', () => {
  questions = 0;
  const subjects = Array.from({ length: 500 }, (_, index) => `reader ${index}`);
  const parts = partsOf(['ann', null, 'carl'], [...subjects, 'ann']);
  expect(parts.map(({ rows, readers }) => [rows, readers.length])).toEqual([
    [[11], 500],
    [[10, 11], 1],
  ]);
  expect(questions).toBe(4);
});
