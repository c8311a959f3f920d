import type { GraphQLSchema } from 'graphql';
import type { Sql } from '../../db/client.ts';
import { createAggregateExport } from './aggregate-export.ts';
import { createAlertChangeExport } from './alert-change-export.ts';
import { createConnectionExport } from './connection-export.ts';
import type { ExportSource } from './export-source.ts';
import { membersOfFilter } from './members-of-filter.ts';
import { createScanReportExport } from './scan-report-export.ts';
import { createScanResultExport } from './scan-result-export.ts';
import { createUnderlyingObservationExport } from './underlying-observation-export.ts';

export interface ExportSourcesDeps {
  readonly schema: GraphQLSchema;
  readonly sql: Sql;
}

const LEGS = '{ symbol quantity ... on OptionLeg { right strike expiration bid ask impliedVolatility delta } }';
const FILTER = { only: ['id', 'name'] };

/** Everything that can be exported, in the order of the documentation. A connection takes one entry; anything else is an ExportSource of its own. */
export function createExportSources({ schema, sql }: ExportSourcesDeps): ExportSource[] {
  return [
    createScanResultExport({ schema, sql }),
    createConnectionExport({
      schema,
      name: 'opportunities',
      field: 'opportunities',
      arguments: { filter: 'OpportunityFilter' },
      criteria: ['filter'],
      variables: ({ filter }) => ({ filter }),
      nested: { within: { filter: FILTER, legs: LEGS } },
    }),
    createConnectionExport({
      schema,
      name: 'opportunity-changes',
      field: 'opportunityChanges',
      arguments: { filter: 'OpportunityFilter' },
      criteria: ['filter'],
      variables: ({ filter }) => ({ filter }),
      nested: { within: { opportunity: { within: { filter: FILTER, legs: LEGS } } } },
    }),
    createConnectionExport({
      schema,
      name: 'scan-runs',
      field: 'scanRuns',
      arguments: { kind: 'ScanRunKind' },
      criteria: ['filter'],
      variables: (criteria) => membersOfFilter(criteria, ['kind']),
      nested: { within: { drops: '{ stage reason count }', failures: '{ symbol code message }' } },
    }),
    createScanReportExport({ sql }),
    createUnderlyingObservationExport({ sql }),
    createConnectionExport({
      schema,
      name: 'alerts',
      field: 'alerts',
      arguments: { filter: 'AlertFilter' },
      criteria: ['filter'],
      variables: ({ filter }) => ({ filter }),
      nested: { within: { group: '{ name value }', labels: '{ name value }' } },
    }),
    createAlertChangeExport({ schema, sql }),
    createAggregateExport({ schema }),
  ];
}
