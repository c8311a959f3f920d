import type { SessionEnd, Sessions } from '../../src/services/access/sessions.ts';
import { createSessions } from '../../src/services/access/sessions.ts';

/** Connections of which none is revoked. */
export function someSessions({ onEnded = () => {} }: { onEnded?: (end: SessionEnd) => void } = {}): Sessions {
  return createSessions({
    clock: Date.now,
    warningMs: 60_000,
    clockToleranceMs: 0,
    revocations: { check: () => {}, follow: () => () => {} },
    onEnded,
    onRenewed: () => {},
    onChanged: () => {},
  });
}
