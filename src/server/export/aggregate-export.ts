import { execute, type GraphQLObjectType, type GraphQLSchema, isNonNullType, parse } from 'graphql';
import type { GraphQLContext } from '../../schema/context.ts';
import { rootPermissions } from '../../schema/root-permissions.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../../services/paging/key-cursor.ts';
import { coerceVariables } from './coerce-variables.ts';
import { selectColumns } from './export-columns.ts';
import type { ExportRow, ExportSource } from './export-source.ts';
import { membersOfFilter } from './members-of-filter.ts';

const FIELD = 'aggregates';
const CURSOR_KIND = 'aggregate';
const PAGE_ROWS = 250;

interface Series {
  readonly groups: readonly {
    readonly dimensions: {
      readonly filter: { readonly id: string } | null;
      readonly symbol: string | null;
      readonly strategy: string | null;
    };
    readonly buckets: readonly (Readonly<Record<string, unknown>> & { readonly exportStart: string })[];
  }[];
}

/**
 * The buckets of a metric, as the query `aggregates` tells them: group after group, each oldest first. GraphQL bounds how many there are, and all of them are one answer, which
 * is asked for once; an export that goes on asks anew and leaves out what lies before its cursor.
 */
export function createAggregateExport({ schema }: { schema: GraphQLSchema }): ExportSource {
  const field = schema.getQueryType()!.getFields()[FIELD]!;
  const bucketType = schema.getType('AggregateBucket') as GraphQLObjectType;
  const dimensionsType = schema.getType('AggregateDimensions') as GraphQLObjectType;
  const { permission } = rootPermissions(schema).find((root) => root.operation === 'query' && root.field === FIELD)!;
  const dimensionNames = Object.keys(dimensionsType.getFields());
  const nested = { within: { filter: { only: ['id', 'name'] } } };
  const argumentNames = field.args.map(({ name }) => name);
  // What has a default may be left out.
  const declarations = field.args.map(
    ({ name, type, defaultValue }) => `$${name}: ${defaultValue !== undefined && isNonNullType(type) ? type.ofType : type}`,
  );

  return {
    name: FIELD,
    description: field.description ?? '',
    permission,
    criteria: ['filter', 'from', 'before'],
    pageRows: PAGE_ROWS,
    prepare(criteria, wanted) {
      const known = new Set(dimensionNames);
      const dimensions = selectColumns(dimensionsType, nested, wanted?.filter((name) => known.has(name)) ?? null);
      const buckets = selectColumns(bucketType, {}, wanted?.filter((name) => !known.has(name)) ?? null);
      const dimensionColumns = new Set(dimensions.columns.map(({ path }) => path[0]!));
      const document = parse(`
        query Export(${declarations.join(', ')}) {
          ${FIELD}(${argumentNames.map((name) => `${name}: $${name}`).join(', ')}) {
            groups { dimensions { filter { id name } symbol strategy } buckets { exportStart: start ${buckets.text.slice(1)} }
          }
        }`);
      const variables = {
        ...membersOfFilter(
          criteria,
          argumentNames.filter((name) => name !== 'range'),
        ),
        range: { from: criteria.from, before: criteria.before },
      };
      coerceVariables(schema, document, variables);

      /** In order. Their cursors are made with the pages that they are told in. */
      function rowsOf({ groups }: Series): { readonly key: string; readonly values: ExportRow['values'] }[] {
        return groups
          .flatMap(({ dimensions: of, buckets: found }) => {
            const shown = Object.fromEntries(Object.entries(of).filter(([name]) => dimensionColumns.has(name)));
            return found.map(({ exportStart, ...figures }) => {
              const key = `${of.filter?.id ?? ''} ${of.symbol ?? ''} ${of.strategy ?? ''} ${exportStart}`;
              return { key, values: { ...shown, ...figures } };
            });
          })
          .toSorted((a, b) => (a.key < b.key ? -1 : 1));
      }

      async function ask(context: GraphQLContext) {
        const { data, errors } = await execute({ schema, document, contextValue: context, variableValues: variables });
        if (errors?.[0]) throw errors[0];
        // What was waited for last may have taken its time.
        await context.services.slicer.turn();
        return rowsOf(data![FIELD] as unknown as Series);
      }

      let answer: ReturnType<typeof rowsOf> | null = null;
      return {
        columns: [...dimensions.columns, ...buckets.columns],
        async page(after, limit, context) {
          const last = after === null ? '' : decodeKeyCursor(CURSOR_KIND, after);
          answer ??= await ask(context);
          const behind = answer.filter(({ key }) => key > last);
          const rows = behind.slice(0, limit).map(({ key, values }) => ({ cursor: encodeKeyCursor(CURSOR_KIND, key), values }));
          return { rows, hasMore: behind.length > limit };
        },
      };
    },
  };
}
