import { createHash } from 'node:crypto';

/**
 * The id of what a change of an alert tells on a channel: the same whenever it is asked for, another for every other pair, a UUIDv7 with the time of the change.
 * @param changeId UUIDv7
 */
export function notificationIdOf(changeId: string, channelId: string): string {
  const hash = createHash('sha256').update(`${changeId} ${channelId}`).digest();
  // RFC 9562: the variant takes the two highest bits of the ninth byte.
  hash[1] = (hash[1]! & 0x0f) | 0x70;
  hash[3] = (hash[3]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${changeId.slice(0, 13).toLowerCase()}-${hex.slice(2, 6)}-${hex.slice(6, 10)}-${hex.slice(10, 22)}`;
}
