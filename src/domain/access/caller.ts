import type { Viewer } from './viewer.ts';

/** Who asks for something to be done, and in which request: what a GraphQL context knows among other things. */
export interface Caller {
  readonly viewer: Viewer;
  readonly requestId: string;
}
