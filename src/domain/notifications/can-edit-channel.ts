import { isPermitted } from '../access/permission.ts';
import type { Viewer } from '../access/viewer.ts';
import type { NotificationChannel } from './notification-channel.ts';

/** Its owner may change it, as long as it may write alerts at all, and administrators those of everybody. */
export function canEditChannel({ owner }: Pick<NotificationChannel, 'owner'>, { subject, roles }: Viewer): boolean {
  return (owner === subject && isPermitted(roles, 'WRITE_ALERTS')) || isPermitted(roles, 'MANAGE_ACCESS');
}
