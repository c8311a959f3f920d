import { builder } from '../schema/builder.ts';
import { ViewerRef } from '../schema/viewer.ts';

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerRef,
    authScopes: { permission: 'SESSION' },
    description: 'Who calls, and what it may do.',
    resolve: (_root, _arguments, { viewer }) => viewer,
  }),
}));
