import { type GraphQLObjectType, type GraphQLOutputType, getNamedType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { ExportColumn } from './export-source.ts';

/** What is exported of the objects within an object: of lists, and of types that have several, the text of a selection; of others their own fields. */
export interface NestedFields {
  /** All without arguments that hold values, when left out. */
  readonly only?: readonly string[];
  readonly within?: Readonly<Record<string, NestedFields | string>>;
}

export interface ExportSelection {
  /** Of GraphQL, in braces. */
  readonly text: string;
  readonly columns: readonly ExportColumn[];
}

/**
 * A selection of a type, and the columns that it becomes.
 *
 * @param wanted fields of the type, in the order of the columns; null: the id and then all
 * @throws ValidationError naming the fields there are
 */
export function selectColumns(type: GraphQLObjectType, nested: NestedFields, wanted: readonly string[] | null): ExportSelection {
  const available = fieldsOf(type, nested);
  const unknown = wanted?.filter((name) => !available.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new ValidationError(
      unknown.map((name) => ({
        path: 'columns',
        message: `expected some of ${available.join(', ')}, got ${JSON.stringify(name.slice(0, 60))}`,
      })),
    );
  return select(type, nested, [...new Set(wanted ?? available)], []);
}

function select(type: GraphQLObjectType, nested: NestedFields, names: readonly string[], above: readonly string[]): ExportSelection {
  const parts: string[] = [];
  const columns: ExportColumn[] = [];
  for (const name of names) {
    const path = [...above, name];
    const inner = nested.within?.[name];
    const fieldType = type.getFields()[name]!.type;
    const objectType = getNamedType(fieldType);
    if (inner === undefined || typeof inner === 'string' || isList(fieldType) || !isObjectType(objectType)) {
      parts.push(typeof inner === 'string' ? `${name} ${inner}` : name);
      columns.push({ name: path.join('.'), path });
    } else {
      const selection = select(objectType, inner, fieldsOf(objectType, inner), path);
      parts.push(`${name} ${selection.text}`);
      columns.push(...selection.columns);
    }
  }
  return { text: `{ ${parts.join(' ')} }`, columns };
}

function fieldsOf(type: GraphQLObjectType, { only, within = {} }: NestedFields): string[] {
  if (only) return [...only];
  const names = Object.values(type.getFields())
    .filter((field) => field.args.length === 0 && (isLeafType(getNamedType(field.type)) || field.name in within))
    .map(({ name }) => name);
  return names.includes('id') ? ['id', ...names.filter((name) => name !== 'id')] : names;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
