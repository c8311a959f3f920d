import { ConflictError } from '../domain/errors/conflict-error.ts';
import { builder } from '../schema/builder.ts';
import { RetentionRunInput, RetentionRunPayload, StorageRef } from '../schema/storage.ts';

builder.queryFields((t) => ({
  storage: t.field({
    type: StorageRef,
    authScopes: { permission: 'READ_OPERATIONS' },
    description: 'What is stored, where, and for how long it is kept.',
    resolve: (_root, _arguments, { services }) => services.storageSurvey.read(),
  }),
}));

builder.mutationFields((t) => ({
  retentionRun: t.field({
    type: RetentionRunPayload,
    authScopes: { permission: 'MANAGE_STORAGE' },
    description: 'Removes what has been kept for as long as the configuration says, as happens once a day; or says what it would remove.',
    args: { input: t.arg({ type: RetentionRunInput, required: true, description: 'Whether to remove.' }) },
    errors: { types: [ConflictError], directResult: true, union: { name: 'RetentionRunResult' } },
    resolve: async (_root, { input: { dryRun } }, context) => ({
      report: await context.services.retention.run({ isDryRun: dryRun ?? false, acting: context }),
    }),
  }),
}));
