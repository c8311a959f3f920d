import { builder } from '../schema/builder.ts';
import { EventTokenCreatePayload } from '../schema/event-token.ts';

builder.mutationFields((t) => ({
  eventTokenCreate: t.field({
    type: EventTokenCreatePayload,
    authScopes: { permission: 'SESSION' },
    description:
      "A token for a browser's EventSource, which cannot send headers: `new EventSource('/graphql?query=…&token=…')`. It is used up by that request; ask for another one to connect again.",
    resolve: (_root, _arguments, { services, viewer }) => services.eventTokens.create(viewer),
  }),
}));
