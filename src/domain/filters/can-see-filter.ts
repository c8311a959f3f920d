import { isPermitted } from '../access/permission.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Filter } from './filter.ts';

/** Whether it is there for the viewer, who may read filters. */
export function canSeeFilter(
  { visibility, ownerSubject }: Pick<Filter, 'visibility' | 'ownerSubject'>,
  { subject, roles }: Viewer,
): boolean {
  return visibility === 'SHARED' || ownerSubject === subject || isPermitted(roles, 'MANAGE_ACCESS');
}
