import { validate as isUuid } from 'uuid';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { textIssue } from '../domain/errors/text-issue.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import {
  ClientConnectionRef,
  ConnectionTerminateInput,
  ConnectionTerminatePayload,
  SessionTransportEnum,
} from '../schema/client-connection.ts';
import { toConnection } from '../schema/connection.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { parseUuid } from './parse-uuid.ts';

const LONGEST_SUBJECT = 256;

builder.queryFields((t) => ({
  connections: t.connection({
    type: ClientConnectionRef,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'Open WebSockets and event streams of all processes, newest first.',
    args: {
      subject: t.arg.string({ description: 'Only those of this subject.' }),
      transport: t.arg({ type: SessionTransportEnum, description: 'Only those of this kind.' }),
    },
    resolve: async (_root, { subject, transport, ...paging }, { services }) => {
      const issue = typeof subject === 'string' ? textIssue('subject', subject, 1, LONGEST_SUBJECT) : null;
      if (issue) throw new ValidationError([issue]);
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('connection', cursor, isUuid));
      const page = await services.connections.page({ subject: subject ?? null, transport: transport ?? null }, request);
      return toConnection(page, ({ id }) => encodeKeyCursor('connection', id));
    },
  }),
}));

builder.mutationFields((t) => ({
  connectionTerminate: t.field({
    type: ConnectionTerminatePayload,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description:
      'Ends a connection, whichever process has it: its subscriptions end with the code CONNECTION_TERMINATED. Its client may connect again; to keep it out, revoke its token or key.',
    args: { input: t.arg({ type: ConnectionTerminateInput, required: true, description: 'The connection.' }) },
    errors: { types: [ValidationError, NotFoundError], directResult: true, union: { name: 'ConnectionTerminateResult' } },
    resolve: async (_root, { input: { id, reason } }, context) => ({
      connection: await context.services.connections.terminate(parseUuid(id, 'id'), reason ?? null, context),
    }),
  }),
}));
