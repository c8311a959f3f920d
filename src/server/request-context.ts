import { AsyncLocalStorage } from 'node:async_hooks';
import type { StatementScope } from '../db/statement-scope.ts';

/** What is known about the request that the running code serves, wherever it runs. */
export interface RequestContext {
  /** In the answer's x-request-id, in masked errors and in every log line about the request. */
  readonly requestId: string;
  /** Yoga notes in an error which status it would have over HTTP, and takes that out of HTTP answers; elsewhere it must not get into the error. */
  readonly overHttp?: boolean;
  /** Length of the WebSocket message that began it. */
  readonly messageBytes?: number;
  /** Who asks, behind trusted proxies: an IP address, or `unknown`. Undefined where the transport does not tell. */
  readonly clientAddress?: string;
  /** Of the query that the code works for; undefined outside of one. */
  readonly statements?: StatementScope;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();

/** Letters a client's own request id may have; others could forge log lines or headers. */
const CLIENT_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The client's id when it is acceptable, a new one otherwise. */
export function requestIdFrom(header: string | string[] | undefined, newId: () => string): string {
  return typeof header === 'string' && CLIENT_ID.test(header) ? header : newId();
}
