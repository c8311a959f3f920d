import { expect, it } from 'vitest';
import { nearestName } from '../../../src/config/nearest-name.ts';

const known = [
  { name: 'database.url' },
  { name: 'feed.tradier.url' },
  { name: 'feed.kind', alsoKnownAs: ['FEED'] },
  { name: 'server.port' },
];

it.each([
  ['feed.tradier.ulr', 'feed.tradier.url'],
  ['database.ulr', 'database.url'],
  ['port', 'server.port'],
  ['Server_Port', 'server.port'],
  ['FEED', 'feed.kind'],
])('%s means %s', (unknown, nearest) => {
  expect(nearestName(unknown, known)).toBe(nearest);
});

it('is undefined when nothing is known', () => {
  expect(nearestName('x', [])).toBeUndefined();
});
