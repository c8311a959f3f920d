/**
 * SQLSTATE lock_not_available: what had to be locked was in use for longer than was to be waited. SQLSTATE deadlock_detected: whoever used it was in turn waiting for us, and
 * PostgreSQL let them go on.
 */
const IN_USE: ReadonlySet<unknown> = new Set(['55P03', '40P01']);

export function isTableInUse(error: unknown): boolean {
  return IN_USE.has((error as { code?: unknown } | null)?.code);
}
