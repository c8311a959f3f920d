import { DomainError } from '../errors/domain-error.ts';
import { type Permission, rolesWith } from './permission.ts';
import type { Viewer } from './viewer.ts';

/** The caller is known and may not do this. */
export class ForbiddenError extends DomainError {
  readonly code = 'FORBIDDEN';
  /** What it lacks; null when it has the permission, but not over this object. */
  readonly permission: Permission | null;

  constructor(message: string, permission: Permission | null) {
    super(message);
    this.permission = permission;
  }

  static lacking(permission: Permission, viewer: Viewer): ForbiddenError {
    return new ForbiddenError(`expected one of the roles ${rolesWith(permission).join(', ')}, got ${viewer.roles.join(', ')}`, permission);
  }
}
