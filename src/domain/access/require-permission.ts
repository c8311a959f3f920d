import { ForbiddenError } from './forbidden-error.ts';
import { isPermitted, type Permission } from './permission.ts';
import type { Viewer } from './viewer.ts';

/** @throws ForbiddenError */
export function requirePermission(viewer: Viewer, permission: Permission): void {
  if (!isPermitted(viewer.roles, permission)) throw ForbiddenError.lacking(permission, viewer);
}
