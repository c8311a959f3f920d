import { type ExecutionResult, execute, type GraphQLSchema, getNamedType, isObjectType, parse } from 'graphql';
import { rootPermissions } from '../../schema/root-permissions.ts';
import { coerceVariables } from './coerce-variables.ts';
import { type NestedFields, selectColumns } from './export-columns.ts';
import type { ExportCriteria } from './export-parameters.ts';
import type { ExportPage, ExportSource } from './export-source.ts';

export interface ConnectionExportOptions {
  readonly schema: GraphQLSchema;
  readonly name: string;
  /** Of Query; its type is a connection. */
  readonly field: string;
  /** Arguments of the field besides those of paging, with their types. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly criteria: readonly (keyof ExportCriteria)[];
  /** Values for the arguments. @throws ValidationError */
  readonly variables: (criteria: ExportCriteria) => Readonly<Record<string, unknown>>;
  readonly nested?: NestedFields;
}

/** GraphQL makes an object for each row and asks a function for each field, so many in turns; what it reads for them comes in one go. */
const PAGE_ROWS = 250;

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: Readonly<Record<string, unknown>> }[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

/**
 * Exports the rows of a connection as GraphQL tells them, by asking it page after page: so arguments, permissions, what is hidden from whom, values and cursors are the same,
 * whatever becomes of the field.
 */
export function createConnectionExport(options: ConnectionExportOptions): ExportSource {
  const { schema, name, field, criteria, nested = {}, variables: variablesOf } = options;
  const connectionField = schema.getQueryType()?.getFields()[field];
  const connectionType = connectionField && getNamedType(connectionField.type);
  const edgeType = isObjectType(connectionType) ? getNamedType(connectionType.getFields().edges!.type) : undefined;
  const nodeType = isObjectType(edgeType) ? getNamedType(edgeType.getFields().node!.type) : undefined;
  if (!connectionField || !isObjectType(nodeType)) throw new Error(`expected Query.${field} to be a connection, got something else`);
  const { permission } = rootPermissions(schema).find((root) => root.operation === 'query' && root.field === field)!;
  const argumentNames = Object.keys(options.arguments);

  return {
    name,
    description: connectionField.description ?? '',
    permission,
    criteria,
    pageRows: PAGE_ROWS,
    prepare(given, wanted) {
      const selection = selectColumns(nodeType, nested, wanted);
      const document = parse(`
        query Export($first: Int!, $after: String${argumentNames.map((argument) => `, $${argument}: ${options.arguments[argument]}`).join('')}) {
          ${field}(first: $first, after: $after${argumentNames.map((argument) => `, ${argument}: $${argument}`).join('')}) {
            edges { cursor node ${selection.text} }
            pageInfo { hasNextPage }
          }
        }`);
      const variables = variablesOf(given);
      coerceVariables(schema, document, { first: 1, ...variables });
      return {
        columns: selection.columns,
        async page(after, first, context) {
          const { edges, pageInfo } = connectionIn(
            await execute({ schema, document, contextValue: context, variableValues: { ...variables, first, after } }),
            field,
          );
          return { rows: edges.map(({ cursor, node }) => ({ cursor, values: node })), hasMore: pageInfo.hasNextPage } satisfies ExportPage;
        },
      };
    },
  };
}

function connectionIn({ data, errors }: ExecutionResult, field: string): Connection {
  if (errors?.[0]) throw errors[0];
  return data![field] as Connection;
}
