import { expect, it } from 'vitest';
import { hiddenFilterError } from '../../../../src/services/subscriptions/hidden-filter-error.ts';

const viewer = { subject: 'bob' } as never;
const errorOf = hiddenFilterError({ isPrivate: (id) => id.startsWith('private'), isHidden: (id) => id === 'private of others' });

it.each([
  ['that names none', undefined, null],
  ['of no filter at all', [], null],
  ['of one that may be seen', ['shared'], null],
  ['of a private one of whose it is', ['private own'], null],
  ['of a hidden one and another', ['private of others', 'shared'], null],
  ['of a hidden one', ['private of others'], 'NOT_FOUND'],
])('a subscription %s', (_which, filterIds, code) => {
  expect((errorOf({ filterIds }, viewer) as { code?: string } | null)?.code ?? null).toBe(code);
});

it('a subscription of nobody sees no private filter', () => {
  expect(errorOf({ filterIds: ['private own'] }, null)).toMatchObject({ code: 'NOT_FOUND' });
});
