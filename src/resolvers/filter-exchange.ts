import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { MOST_DOCUMENT_FILTERS } from '../domain/filters/filter-document.ts';
import { builder } from '../schema/builder.ts';
import { FilterRef } from '../schema/filter.ts';
import { FilterImportInput, FilterImportPayload } from '../schema/filter-exchange.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  filterExport: t.field({
    type: 'JSON',
    authScopes: { permission: 'READ_FILTERS' },
    description:
      'Filters as a document that filterImport takes, here or on another server: names, descriptions, criteria, limits, enabled and visibility. Its JSON Schema is at /schemas/filters-1.json.',
    args: {
      ids: t.arg.globalIDList({
        for: [FilterRef],
        description: 'Which filters, at most 500; all in use that are shared or yours when left out.',
      }),
    },
    resolve: (_root, { ids }, { services, viewer }) => {
      if (ids && ids.length > MOST_DOCUMENT_FILTERS) {
        throw new ValidationError([{ path: 'ids', message: `expected at most ${MOST_DOCUMENT_FILTERS} filters, got ${ids.length}` }]);
      }
      return services.filterExchange.export(ids?.map((id, index) => parseUuid(id, `ids.${index}`)) ?? null, viewer);
    },
  }),
}));

builder.mutationFields((t) => ({
  filterImport: t.field({
    type: FilterImportPayload,
    authScopes: { permission: 'WRITE_FILTERS' },
    description: 'Takes filters from a document, all or none; they become yours, and are in force at the next contract evaluated.',
    args: { input: t.arg({ type: FilterImportInput, required: true, description: 'The document, and what to do about conflicts.' }) },
    errors: { types: [ValidationError, ConflictError, LimitExceededError], directResult: true, union: { name: 'FilterImportResult' } },
    resolve: (_root, { input: { document, dryRun, onConflict, reason } }, context) =>
      context.services.filterExchange.import(document, { caller: context, reason, dryRun, onConflict }),
  }),
}));
