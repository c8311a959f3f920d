import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { UnderlyingRef } from '../schema/underlying.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';

builder.queryFields((t) => ({
  underlyings: t.connection({
    type: UnderlyingRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'Underlyings that have been scanned, by symbol.',
    resolve: async (_root, paging, { services }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('underlying', cursor));
      return toConnection(await services.underlyings.page(request), (underlying) => encodeKeyCursor('underlying', underlying.symbol));
    },
  }),
  underlying: t.field({
    type: UnderlyingRef,
    authScopes: { permission: 'READ_RESULTS' },
    nullable: true,
    description: 'An underlying; null until it has been scanned.',
    args: { symbol: t.arg.string({ required: true, description: 'Its symbol, in any case of letters.' }) },
    resolve: (_root, { symbol }, { loaders }) => loaders.underlying.load(symbol.trim().toUpperCase()),
  }),
}));
