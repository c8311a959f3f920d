import type { Caller } from '../../src/domain/access/caller.ts';
import { LOCAL_ADMIN, type Viewer } from '../../src/domain/access/viewer.ts';

/** Who asks for something in a test: an administrator unless told otherwise. */
export function aCaller(viewer: Partial<Viewer> = {}): Caller {
  return { viewer: { ...LOCAL_ADMIN, kind: 'TOKEN', subject: 'admin-1', ...viewer }, requestId: 'a request' };
}
