import { isPermitted } from '../access/permission.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Filter } from './filter.ts';

/** Its owner may, as long as it may write filters at all; administrators may change those of everybody, and nobody else those of nobody. */
export function canEditFilter({ ownerSubject }: Pick<Filter, 'ownerSubject'>, { subject, roles }: Viewer): boolean {
  return (ownerSubject === subject && isPermitted(roles, 'WRITE_FILTERS')) || isPermitted(roles, 'MANAGE_ACCESS');
}
