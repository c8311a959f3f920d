/** Digits of the time, version 7: RFC 9562, section 5.7. */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** When an id was made, epoch milliseconds; null when it is no UUIDv7. */
export function uuidTimeMs(id: string): number | null {
  const digits = UUID_V7.exec(id);
  return digits && Number.parseInt(`${digits[1]}${digits[2]}`, 16);
}
