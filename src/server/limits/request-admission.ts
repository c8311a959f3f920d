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
  /** Who sends a request; undefined unless it has been admitted. */
  viewerOf(request: Request): Viewer | undefined;
  /** Of a request that has been admitted. */
  limitsOf(request: Request): Limits;
  /** The request holds so many operations; as one it has been counted. @throws LimitExceededError */
  admitBatch(request: Request, operations: number): Promise<void>;
  isBatch(request: Request): boolean;
}

export function createRequestAdmission({ admission, limitsOf, requestViewer }: RequestAdmissionDeps): RequestAdmission {
  const admitted = new WeakMap<Request, Viewer>();
  const batches = new WeakSet<Request>();

  function admittedViewer(request: Request): Viewer {
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
    viewerOf: (request) => admitted.get(request),
    limitsOf: (request) => limitsOf(admittedViewer(request)),
    async admitBatch(request, operations) {
      batches.add(request);
      if (operations > 1) await admission.admit(admittedViewer(request), operations - 1);
    },
    isBatch: (request) => batches.has(request),
  };
}
