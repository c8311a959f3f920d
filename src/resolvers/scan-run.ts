import { validate as isUuid } from 'uuid';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { ScanRunKindEnum } from '../schema/enums.ts';
import { ScanRunRef } from '../schema/scan-run.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';

builder.queryFields((t) => ({
  scanRuns: t.connection({
    type: ScanRunRef,
    authScopes: { permission: 'READ_OPERATIONS' },
    description: 'Scan runs, newest first.',
    args: { kind: t.arg({ type: ScanRunKindEnum, description: 'Only cycles, or only requests.' }) },
    resolve: async (_root, { kind, ...paging }, { services }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('scan-run', cursor, isUuid));
      return toConnection(await services.scanRuns.page(request, kind ?? null), (run) => encodeKeyCursor('scan-run', run.id));
    },
  }),
  scanRun: t.field({
    type: ScanRunRef,
    authScopes: { permission: 'READ_OPERATIONS' },
    nullable: true,
    description: 'One scan run; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [ScanRunRef], description: 'Global id of the run.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.scanRun.load(id.id),
  }),
}));
