import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { Limits } from '../../domain/limits/limit-policy.ts';
import type { Admission } from '../../services/limits/admission.ts';
import type { LimitsOf } from '../../services/limits/viewer-limits.ts';
import type { RequestViewer } from '../request-viewer.ts';

export interface RequestAdmissionDeps {
  readonly admission: Admission;
  readonly limitsOf: LimitsOf;
  readonly requestViewer: RequestViewer;
}

/** Finds out who sends an HTTP request and counts it, before its body is read. */
export interface RequestAdmission {
  /** In front of what reads requests. */
  readonly plugin: Plugin;
  /** Of a request that has been admitted. */
  limitsOf(request: Request): Limits;
  /** Counts the other operations of a request. @throws LimitExceededError */
  admitMore(request: Request, operations: number): Promise<void>;
}

export function createRequestAdmission({ admission, limitsOf, requestViewer }: RequestAdmissionDeps): RequestAdmission {
  const admitted = new WeakMap<Request, Viewer>();

  function viewerOf(request: Request): Viewer {
    const viewer = admitted.get(request);
    if (!viewer) throw new Error('expected a request that has been admitted, got another one');
    return viewer;
  }

  return {
    plugin: {
      async onRequestParse({ request }) {
        const viewer = await requestViewer(request);
        await admission.admit(viewer);
        admitted.set(request, viewer);
      },
    },
    limitsOf: (request) => limitsOf(viewerOf(request)),
    admitMore: (request, operations) => (operations > 0 ? admission.admit(viewerOf(request), operations) : Promise.resolve()),
  };
}
