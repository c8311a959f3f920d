import { expect, it } from 'vitest';
import { createPrivateFilters } from '../../../../src/services/filters/private-filters.ts';
import { opportunityConditions } from '../../../../src/services/opportunities/opportunity-conditions.ts';
import { createSqlParameters } from '../../../../src/services/results/criteria-sql.ts';
import { scanResultConditions } from '../../../../src/services/results/scan-result-conditions.ts';
import { aCaller } from '../../../support/a-caller.ts';

const ann = aCaller({ subject: 'ann', roles: ['TRADER'] }).viewer;
const bob = aCaller({ subject: 'bob', roles: ['TRADER'] }).viewer;
const admin = aCaller().viewer;

it('what is private is hidden from all but its owner and administrators, sorted', () => {
  const filters = createPrivateFilters();
  filters.put({ id: 'b', visibility: 'PRIVATE', ownerSubject: 'ann' });
  filters.put({ id: 'a', visibility: 'PRIVATE', ownerSubject: 'ann' });
  filters.put({ id: 'c', visibility: 'SHARED', ownerSubject: 'ann' });
  expect([ann, bob, admin].map((viewer) => filters.hiddenFrom(viewer))).toEqual([[], ['a', 'b'], []]);
  expect([ann, bob, admin].map((viewer) => filters.isHidden('a', viewer))).toEqual([false, true, false]);
  expect(filters.isHidden('c', bob)).toBe(false);
});

it('a change of visibility holds for the next question', () => {
  const filters = createPrivateFilters();
  const change = (visibility: 'SHARED' | 'PRIVATE') => filters.put({ id: 'a', visibility, ownerSubject: 'ann' });
  change('PRIVATE');
  expect(filters.hiddenFrom(bob)).toEqual(['a']);
  expect(filters.hiddenFrom(bob)).toBe(filters.hiddenFrom(bob));
  expect(filters.hiddenFrom(bob), 'nobody who owns nothing private differs').toBe(
    filters.hiddenFrom(aCaller({ subject: 'carl', roles: ['TRADER'] }).viewer),
  );
  expect(filters.hiddenFrom(ann)).not.toBe(filters.hiddenFrom(bob));
  change('SHARED');
  expect(filters.hiddenFrom(bob)).toEqual([]);
  change('PRIVATE');
  expect(filters.hiddenFrom(bob)).toEqual(['a']);
});

it('statements are the same as ever while nothing is hidden', () => {
  for (const conditionsOf of [scanResultConditions, opportunityConditions]) {
    expect(conditionsOf({ hiddenFilterIds: [] }, createSqlParameters())).toEqual(conditionsOf({}, createSqlParameters()));
    const parameters = createSqlParameters();
    expect(conditionsOf({ hiddenFilterIds: ['a'] }, parameters)).toContain('filter_id <> all($1::uuid[])');
    expect(parameters.values).toEqual([['a']]);
  }
});
