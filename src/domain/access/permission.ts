import type { Role } from './role.ts';

/** What a caller may be allowed; every root field of the API needs one of them. */
export const PERMISSIONS = [
  'SESSION',
  'READ_RESULTS',
  'READ_FILTERS',
  'WRITE_FILTERS',
  'READ_ALERTS',
  'WRITE_ALERTS',
  'READ_OPERATIONS',
  'REQUEST_SCANS',
  'CONTROL_SCANNER',
  'MANAGE_STORAGE',
  'MANAGE_ACCESS',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** For people: what each permission opens. */
export const PERMISSION_DESCRIPTIONS: Readonly<Record<Permission, string>> = {
  SESSION: 'its own session: who it is, renewing its token',
  READ_RESULTS: 'results, opportunities, underlyings and option chains',
  READ_FILTERS: 'filters that are shared or its own, and their changes',
  WRITE_FILTERS: 'creating filters, changing its own',
  READ_ALERTS:
    'alerts, and the rules, silences and escalation policies that are shared or its own; names of notification channels, and all of its own',
  WRITE_ALERTS:
    'acknowledging, snoozing and resolving alerts; making alert rules, silences, escalation policies and notification channels, changing its own',
  READ_OPERATIONS: 'the scanner, its runs and their progress',
  REQUEST_SCANS: 'scans outside the cycles',
  CONTROL_SCANNER: 'starting and stopping the cycles',
  MANAGE_STORAGE: 'removing what has expired before its day',
  MANAGE_ACCESS: 'API keys, connections, the audit trail, and the filters, alert settings and notification channels of others',
};

const HELD_BY: Readonly<Record<Permission, readonly Role[]>> = {
  SESSION: ['ADMIN', 'ANALYST', 'TRADER', 'DEVELOPER'],
  READ_RESULTS: ['ADMIN', 'ANALYST', 'TRADER'],
  READ_FILTERS: ['ADMIN', 'ANALYST', 'TRADER'],
  WRITE_FILTERS: ['ADMIN', 'TRADER'],
  READ_ALERTS: ['ADMIN', 'ANALYST', 'TRADER'],
  WRITE_ALERTS: ['ADMIN', 'TRADER'],
  READ_OPERATIONS: ['ADMIN', 'ANALYST', 'TRADER', 'DEVELOPER'],
  REQUEST_SCANS: ['ADMIN', 'TRADER'],
  CONTROL_SCANNER: ['ADMIN', 'DEVELOPER'],
  MANAGE_STORAGE: ['ADMIN', 'DEVELOPER'],
  MANAGE_ACCESS: ['ADMIN'],
};

/** The roles that have a permission, in the order of ROLES. */
export function rolesWith(permission: Permission): readonly Role[] {
  return HELD_BY[permission];
}

export function isPermitted(roles: readonly Role[], permission: Permission): boolean {
  return HELD_BY[permission].some((role) => roles.includes(role));
}
