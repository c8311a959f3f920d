import type { Filter } from '../domain/filters/filter.ts';
import { type FilterImport, IMPORT_CONFLICT_RULES, IMPORT_OUTCOMES, type ImportedFilter } from '../services/filters/filter-exchange.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { FilterRef, REASON_DESCRIPTION } from './filter.ts';

const FilterImportConflictRuleEnum = builder.enumType('FilterImportConflictRule', {
  description: 'What to do where a name is taken.',
  values: describedValues(IMPORT_CONFLICT_RULES, {
    FAIL: 'Import nothing.',
    SKIP: 'Leave what is there as it is.',
    REPLACE: 'Give what is there another revision. Who sees it stays as it is.',
    RENAME: 'Give what comes another name: `Name (2)`.',
  }),
});

const FilterImportOutcomeEnum = builder.enumType('FilterImportOutcome', {
  description: 'What became of a filter of a document, or would become in a dry run.',
  values: describedValues(IMPORT_OUTCOMES, {
    CREATED: 'It was made.',
    REPLACED: 'The filter of its name got another revision.',
    SKIPPED: 'The filter of its name stayed as it is.',
    RENAMED: 'It was made under another name.',
    CONFLICT: 'It is in the way of the import: nothing was imported.',
  }),
});

const ImportedFilterRef = builder.objectRef<ImportedFilter>('ImportedFilter').implement({
  description: 'One filter of a document.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: FilterImportOutcomeEnum, description: 'What became of it.' }),
    name: t.exposeString('name', { description: 'Its name in the document.' }),
    newName: t.exposeString('newName', { description: 'What it is called here.' }),
    message: t.exposeString('message', { nullable: true, description: 'Why it was skipped or is in conflict; null otherwise.' }),
    filter: t.field({
      type: FilterRef,
      nullable: true,
      description: 'The filter as it is now; null when it would have to be made and nothing was imported.',
      resolve: ({ filterId }, _arguments, { loaders }): Promise<Filter | null> | null =>
        filterId === null ? null : loaders.filter.load(filterId),
    }),
  }),
});

export const FilterImportPayload = builder.objectRef<FilterImport>('FilterImportPayload').implement({
  description: 'What became of a document with filters.',
  fields: (t) => ({
    applied: t.exposeBoolean('isApplied', {
      description: 'Whether it was imported, as a whole. False: nothing was stored, because it was a dry run or something is in conflict.',
    }),
    filters: t.field({
      type: [ImportedFilterRef],
      description: 'Its filters, in their order.',
      resolve: ({ filters }) => [...filters],
    }),
  }),
});

export const FilterImportInput = builder.inputType('FilterImportInput', {
  description: 'Filters from a document. All of it is imported, or nothing.',
  fields: (t) => ({
    document: t.field({
      type: 'JSON',
      required: true,
      description:
        'As filterExport gives it: `{ "format": "strikewire/filters", "version": 1, "filters": [...] }`. Its JSON Schema is at /schemas/filters-1.json.',
    }),
    dryRun: t.boolean({ required: true, defaultValue: false, description: 'Only say what would become of it.' }),
    onConflict: t.field({
      type: FilterImportConflictRuleEnum,
      required: true,
      defaultValue: 'FAIL',
      description: 'What to do where a name is taken.',
    }),
    reason: t.string({ description: REASON_DESCRIPTION }),
  }),
});
