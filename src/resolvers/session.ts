import { AuthenticationError } from '../domain/access/authentication-error.ts';
import { SessionMismatchError } from '../domain/access/session-mismatch-error.ts';
import { builder } from '../schema/builder.ts';
import { SessionEventRef, SessionRenewInput, SessionRenewPayload } from '../schema/session.ts';
import { createSessionSource } from '../services/access/session-source.ts';

builder.mutationFields((t) => ({
  sessionRenew: t.field({
    type: SessionRenewPayload,
    authScopes: { permission: 'SESSION' },
    description:
      'Lets the connection it comes over (a WebSocket, or an event stream for many operations) go on with another token of the same viewer. What runs on it is not touched.',
    args: { input: t.arg({ type: SessionRenewInput, required: true, description: 'The token.' }) },
    errors: { types: [AuthenticationError, SessionMismatchError], directResult: true, union: { name: 'SessionRenewResult' } },
    resolve: (_root, { input }, { services, session }) => services.sessionRenewal.renew(session, input.token),
  }),
}));

builder.subscriptionFields((t) => ({
  session: t.field({
    type: SessionEventRef,
    authScopes: { permission: 'SESSION' },
    description:
      'The connection it comes over: how it is, then when its token is about to expire and when it was renewed. Over a WebSocket, or an event stream for many operations.',
    subscribe: (_root, _arguments, { session }) => {
      if (session) return createSessionSource(session);
      throw new SessionMismatchError('expected to come over a WebSocket or an event stream for many operations, got a request of its own');
    },
    resolve: (event) => event,
  }),
}));
