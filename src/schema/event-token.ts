import type { EventToken } from '../services/access/event-tokens.ts';
import { builder } from './builder.ts';

export const EventTokenCreatePayload = builder.objectRef<EventToken>('EventTokenCreatePayload').implement({
  description: 'A token that opens one event stream.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'For the parameter `token` of one GET request that accepts `text/event-stream`. A second request with it is refused.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when the request must be there, UTC: 30 seconds from now. The stream it opens goes on beyond.',
      resolve: ({ expiresAtMs }) => new Date(expiresAtMs),
    }),
  }),
});
