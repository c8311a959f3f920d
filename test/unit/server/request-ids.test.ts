import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { createRequestIds } from '../../../src/server/request-ids.ts';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('makes UUIDs that differ, and asks for a new one now and then', () => {
  let asked = 0;
  const newRequestId = createRequestIds(() => {
    asked++;
    return uuidv7();
  });
  const ids = Array.from({ length: 1_000 }, newRequestId);
  expect(ids.filter((id) => !UUID_7.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(1_000);
  expect(asked).toBe(4);
});

it('begins the last digits anew behind the greatest', () => {
  const newRequestId = createRequestIds(() => '01a2006c-e108-721a-b945-fffffffffffe');
  expect([newRequestId(), newRequestId(), newRequestId()]).toEqual([
    '01a2006c-e108-721a-b945-ffffffffffff',
    '01a2006c-e108-721a-b945-000000000000',
    '01a2006c-e108-721a-b945-000000000001',
  ]);
});
