import type { ScanRun, ScanRunKind } from '../../domain/results/scan-run.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { ScanRunStore } from './scan-run-store.ts';

/** Scan runs as they are at this moment: the stored rows, with the present counts of those that go on in this process. */
export interface ScanRunService {
  byIds(ids: readonly string[]): Promise<ScanRun[]>;
  /** Newest first; the cursor is the id of a run. */
  page(request: PageRequest, kind: ScanRunKind | null): Promise<Page<ScanRun>>;
}

export interface ScanRunServiceDeps {
  readonly store: ScanRunStore;
  readonly liveRun: (id: string) => ScanRun | null;
}

export function createScanRunService({ store, liveRun }: ScanRunServiceDeps): ScanRunService {
  const present = (run: ScanRun): ScanRun => liveRun(run.id) ?? run;
  return {
    byIds: async (ids) => (await store.byIds(ids)).map(present),
    async page(request, kind) {
      const page = await store.page(request, kind);
      return { ...page, rows: page.rows.map(present) };
    },
  };
}
