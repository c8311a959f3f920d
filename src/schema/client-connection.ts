import type { ClientConnection } from '../domain/access/client-connection.ts';
import { requirePermission } from '../domain/access/require-permission.ts';
import { SESSION_TRANSPORTS } from '../domain/access/session-transport.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { RoleEnum, ViewerKindEnum } from './viewer.ts';

export const SessionTransportEnum = builder.enumType('SessionTransport', {
  description: 'What a connection that lasts is.',
  values: describedValues(SESSION_TRANSPORTS, {
    WEBSOCKET: 'A WebSocket.',
    SSE: 'A stream of server-sent events.',
  }),
});

export const ClientConnectionRef = builder.objectRef<ClientConnection>('ClientConnection');

builder.node(ClientConnectionRef, {
  description:
    'A connection of a client that lasts, whichever process has it. What is told of other processes is up to a second old; with very many connections the backlog and the bytes are older.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: async (ids, { services, viewer }) => {
    requirePermission(viewer, 'MANAGE_ACCESS');
    const byId = new Map((await services.connections.byIds(ids)).map((connection) => [connection.id, connection]));
    return ids.map((id) => byId.get(id) ?? null);
  },
  fields: (t) => ({
    transport: t.expose('transport', { type: SessionTransportEnum, description: 'What it is.' }),
    subject: t.exposeString('subject', { description: 'Whose it is.' }),
    viewerKind: t.expose('viewerKind', { type: ViewerKindEnum, description: 'How they have shown who they are.' }),
    roles: t.field({ type: [RoleEnum], description: 'Their roles.', resolve: ({ roles }) => [...roles] }),
    credentialId: t.exposeString('credentialId', {
      nullable: true,
      description: 'Id of the token (`jti`) or of the key they have shown last; null when it has none.',
    }),
    clientAddress: t.exposeString('clientAddress', {
      nullable: true,
      description: 'Address of the client, behind trusted proxies; null when it is not known.',
    }),
    processId: t.exposeString('processId', { description: 'Tells the processes apart that have connections.' }),
    openedAt: t.field({ type: 'DateTime', description: 'When it was opened, UTC.', resolve: ({ openedAtMs }) => new Date(openedAtMs) }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the token or key expires, UTC, and the connection with it unless it is renewed; null: never.',
      resolve: ({ expiresAtMs }) => (expiresAtMs === null ? null : new Date(expiresAtMs)),
    }),
    subscriptions: t.exposeInt('subscriptions', { description: 'How many run on it.' }),
    backlogRows: t.exposeInt('backlogRows', { description: 'Rows that wait because the client does not take them.' }),
    backlogBytes: t.exposeFloat('backlogBytes', {
      description: 'Bytes that wait: ready messages, and what the socket of a WebSocket holds.',
    }),
    missed: t.exposeFloat('missed', {
      description: 'Rows that its running subscriptions were not given because the client did not keep up.',
    }),
    sentBytes: t.exposeFloat('sentBytes', {
      description: 'Bytes it was sent: all of a WebSocket, the events of an event stream. To a kibibyte when another process has it.',
    }),
  }),
});

export const ConnectionTerminateInput = builder.inputType('ConnectionTerminateInput', {
  description: 'Ends a connection.',
  fields: (t) => ({
    id: t.globalID({ required: true, for: [ClientConnectionRef], description: 'The connection.' }),
    reason: t.string({ description: 'For the audit trail, and told to the client; at most 500 characters.' }),
  }),
});

export const ConnectionTerminatePayload = builder
  .objectRef<{ readonly connection: ClientConnection }>('ConnectionTerminatePayload')
  .implement({
    description: 'The connection ends: in this process it has, in another one it does within moments.',
    fields: (t) => ({
      connection: t.expose('connection', { type: ClientConnectionRef, description: 'What it was.' }),
    }),
  });
