import { encodeGlobalID } from '@pothos/plugin-relay';
import { SESSION_EVENT_KINDS, type Session, type SessionEvent } from '../services/access/session.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const SessionEventKindEnum = builder.enumType('SessionEventKind', {
  description: 'What is told of a connection.',
  values: describedValues(SESSION_EVENT_KINDS, {
    CURRENT: 'How it is when the subscription begins.',
    EXPIRING: 'Its token expires soon, and the connection with it unless `sessionRenew` gives it another one.',
    RENEWED: 'It goes on with another token.',
  }),
});

const dateOrNull = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));
const connectionIdOf = (id: string) => encodeGlobalID('ClientConnection', id);

export const SessionEventRef = builder.objectRef<SessionEvent>('SessionEvent').implement({
  description: 'Something that happened to the connection.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SessionEventKindEnum, description: 'What.' }),
    connectionId: t.id({
      description: 'Global id of the connection, for administrators.',
      resolve: ({ connectionId }) => connectionIdOf(connectionId),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its token or key expires, UTC; null: never.',
      resolve: ({ expiresAtMs }) => dateOrNull(expiresAtMs),
    }),
  }),
});

export const SessionRenewInput = builder.inputType('SessionRenewInput', {
  description: 'Lets the connection it comes over go on with another token.',
  fields: (t) => ({
    token: t.string({
      required: true,
      description: 'A token or key of the same kind, for the same subject and the same roles; `Bearer` in front of it does no harm.',
    }),
  }),
});

export const SessionRenewPayload = builder.objectRef<Session>('SessionRenewPayload').implement({
  description: 'The connection goes on, and everything that runs on it.',
  fields: (t) => ({
    connectionId: t.id({ description: 'Global id of the connection, for administrators.', resolve: ({ id }) => connectionIdOf(id) }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when, UTC: when the token expires. Null: without end.',
      resolve: ({ viewer }) => dateOrNull(viewer.expiresAtMs),
    }),
  }),
});
