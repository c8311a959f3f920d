import type { GraphQLSchema } from 'graphql';
import type { Sql } from '../../db/client.ts';
import { hiddenFilters } from '../../resolvers/hidden-filters.ts';
import { parseDateTimeRange } from '../../resolvers/parse-date-time-range.ts';
import { parseResultFilter } from '../../resolvers/parse-result-filter.ts';
import type { ScanResultFilterShape } from '../../schema/scan-result.ts';
import { estimateScanResults } from '../../services/results/estimate-scan-results.ts';
import { createAggregateExport } from './aggregate-export.ts';
import { createAlertChangeExport } from './alert-change-export.ts';
import { createConnectionExport } from './connection-export.ts';
import type { ExportSource } from './export-source.ts';
import { membersOfFilter } from './members-of-filter.ts';
import { createScanReportExport } from './scan-report-export.ts';
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
    createConnectionExport({
      schema,
      name: 'scan-results',
      field: 'scanResults',
      arguments: { filter: 'ScanResultFilter', range: 'DateTimeRange', orderBy: 'ScanResultOrder' },
      criteria: ['filter', 'from', 'before', 'order'],
      variables: ({ filter, from, before, order }) => ({
        filter,
        range: { from, before },
        orderBy: order === undefined ? undefined : { field: 'DETECTED_AT', direction: order },
      }),
      nested: {
        within: { filter: FILTER, scanRun: { only: ['id'] }, legs: LEGS, scoreComponents: '{ name weight value explanation }' },
      },
      async estimateRows(variables, context) {
        const { fromMs, beforeMs } = parseDateTimeRange(variables.range as Parameters<typeof parseDateTimeRange>[0], 'range');
        return estimateScanResults(sql, {
          ...parseResultFilter(variables.filter as ScanResultFilterShape | null | undefined),
          ...hiddenFilters(context),
          detectedFromMs: fromMs,
          detectedBeforeMs: beforeMs,
        });
      },
    }),
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
