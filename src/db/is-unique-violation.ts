/** SQLSTATE unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** Whether an error of PostgreSQL, or one that wraps it, says that a row of this unique index exists already. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const { code, constraint_name: constraint } = current as Error & { code?: string; constraint_name?: string };
    if (code === UNIQUE_VIOLATION && constraint === index) return true;
  }
  return false;
}
