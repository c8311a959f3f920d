import { isPermitted } from '../access/permission.ts';
import type { Viewer } from '../access/viewer.ts';
import type { NotificationChannel } from './notification-channel.ts';

/** Whether somebody who may read alerts is shown where a channel sends and what: its settings tell addresses of people, its notifications what private rules say. */
export function canInspectChannel({ owner }: Pick<NotificationChannel, 'owner'>, { subject, roles }: Viewer): boolean {
  return owner === subject || isPermitted(roles, 'MANAGE_ACCESS');
}
