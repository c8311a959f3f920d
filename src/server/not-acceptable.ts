import type { Plugin } from 'graphql-yoga';
import { requestContext } from './request-context.ts';

/** Yoga says nothing when it has no answer of a kind that is accepted: a subscription asked for without event streams, or kinds nobody has. */
export function useNotAcceptable(): Plugin {
  return {
    onResponse({ response, setResponse, fetchAPI }) {
      if (response.status !== 406) return;
      const message =
        'expected to be asked for application/json, application/graphql-response+json or, for subscriptions, text/event-stream';
      const { requestId } = requestContext.getStore() ?? {};
      const body = JSON.stringify({ errors: [{ message, extensions: { code: 'NOT_ACCEPTABLE', requestId } }] });
      const headers = new fetchAPI.Headers(response.headers);
      headers.set('content-type', 'application/json; charset=utf-8');
      headers.delete('content-length');
      setResponse(new fetchAPI.Response(body, { status: 406, headers }));
    },
  };
}
