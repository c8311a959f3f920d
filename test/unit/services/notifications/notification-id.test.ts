import { v7 as uuidv7, validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { notificationIdOf } from '../../../../src/services/notifications/notification-id.ts';

it('is a UUIDv7 of the time of the change, the same for the same pair and another for every other', () => {
  const [change, other, one, two] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()] as const;
  const ids = [notificationIdOf(change, one), notificationIdOf(change, two), notificationIdOf(other, one)];
  for (const id of ids) {
    expect(validate(id)).toBe(true);
    expect(version(id)).toBe(7);
  }
  expect(new Set(ids).size).toBe(3);
  expect(notificationIdOf(change, one)).toBe(ids[0]);
  expect(ids[0]!.slice(0, 13)).toBe(change.slice(0, 13));
});
