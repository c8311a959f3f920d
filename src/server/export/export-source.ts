import type { Permission } from '../../domain/access/permission.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import type { ExportCriteria } from './export-parameters.ts';

/** A field of an exported row, or in CSV a part of one. */
export interface ExportColumn {
  /** As in `columns` and the first row of CSV: names joined by dots. */
  readonly name: string;
  readonly path: readonly string[];
}

export interface ExportRow {
  /** Behind this row. */
  readonly cursor: string;
  /** By the names of the fields, as JSON has them. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ExportPage {
  readonly rows: readonly ExportRow[];
  readonly hasMore: boolean;
}

/** One export: what it is of has been understood. */
export interface ExportQuery {
  readonly columns: readonly ExportColumn[];
  /**
   * One keyset page. What the viewer may see is decided anew for each.
   * @throws MalformedCursorError, and what reading throws
   */
  page(after: string | null, limit: number, context: GraphQLContext): Promise<ExportPage>;
  /** About how many rows there are behind the beginning, without counting them; null: not known. */
  estimateRows?(context: GraphQLContext): Promise<number | null>;
}

/** Something that can be exported, whatever its format. */
export interface ExportSource {
  /** Behind `/export/`. */
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  /** Parameters it has besides those of all exports. */
  readonly criteria: readonly (keyof ExportCriteria)[];
  /** Rows read at once: so many that a statement is worth its round trip, and so few that nothing else waits long for the event loop. */
  readonly pageRows: number;
  /** @param columns names of fields; null: all. @throws ValidationError, GraphQLError when something cannot be understood */
  prepare(criteria: ExportCriteria, columns: readonly string[] | null): ExportQuery;
}
