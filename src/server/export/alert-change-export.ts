import { execute, type GraphQLObjectType, type GraphQLSchema, parse } from 'graphql';
import type { Sql } from '../../db/client.ts';
import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import { parseAlertFilter } from '../../resolvers/parse-alert-filter.ts';
import type { AlertFilterShape } from '../../schema/alert.ts';
import { type AlertChangeQuery, alertChangeCursor, createAlertChangeStore } from '../../services/alerts/alert-change-store.ts';
import { ALERT_CHANGE_STREAM } from '../../services/alerts/alert-change-stream.ts';
import { decodePosition } from '../../services/stream-log/cursor.ts';
import { STREAM_START, type StreamPosition } from '../../services/stream-log/stream-position.ts';
import { coerceVariables } from './coerce-variables.ts';
import { selectColumns } from './export-columns.ts';
import type { ExportSource } from './export-source.ts';

/** Each change holds the whole alert. */
const PAGE_ROWS = 250;
/** Behind every change: the last moment that cursors can name. */
const STREAM_END: StreamPosition = { atMs: Date.parse('9999-12-31T23:59:59.999Z'), sequence: Number.MAX_SAFE_INTEGER };
const LABELS = '{ name value }';

/** The changes of alerts as the subscription `alerts` tells them, with the same selection executed on each page of them. */
export function createAlertChangeExport({ schema, sql }: { schema: GraphQLSchema; sql: Sql }): ExportSource {
  const store = createAlertChangeStore({ sql });
  const type = schema.getType('AlertChange') as GraphQLObjectType;

  return {
    name: 'alert-changes',
    description: 'Changes of alerts, in the order they were made.',
    permission: 'READ_ALERTS',
    criteria: ['filter'],
    pageRows: PAGE_ROWS,
    prepare({ filter }, wanted) {
      const nested = { within: { alert: { within: { group: LABELS, labels: LABELS } } } };
      const selection = selectColumns(type, nested, wanted);
      const document = parse(`subscription Export($filter: AlertFilter) { alerts(filter: $filter) { changes ${selection.text} } }`);
      const coerced = coerceVariables(schema, document, { filter });
      const query = parseAlertFilter(coerced.filter as AlertFilterShape | null | undefined);
      return {
        columns: selection.columns,
        async page(after, limit, context) {
          const hiddenRuleIds = context.services.hiddenRuleIds(context.viewer);
          const visible: AlertChangeQuery = { ...query, ...(hiddenRuleIds.length > 0 && { hiddenRuleIds }) };
          const position = after === null ? STREAM_START : decodePosition(ALERT_CHANGE_STREAM, after);
          const read = await store.between(visible, position, STREAM_END, limit + 1);
          const rows: readonly AlertChange[] = read.slice(0, limit);
          const { data, errors } = await execute({
            schema,
            document,
            contextValue: context,
            rootValue: { rows },
            variableValues: { filter },
          });
          if (errors?.[0]) throw errors[0];
          const { changes } = data!.alerts as { changes: readonly Readonly<Record<string, unknown>>[] };
          return {
            rows: changes.map((values, index) => ({ cursor: alertChangeCursor(rows[index]!), values })),
            hasMore: read.length > limit,
          };
        },
      };
    },
  };
}
