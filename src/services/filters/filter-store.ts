import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { filters } from '../../db/tables/filters.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';

export interface NewFilter extends Filter {
  readonly idempotencyKey: string | null;
}

/** Rows of filters. Deleted ones are found by id only. */
export interface FilterStore {
  /** @throws ConflictError when the name is taken. */
  insert(filter: NewFilter): Promise<void>;
  /** Inserts the presets that have no row yet, deleted or not. */
  insertMissingPresets(presets: readonly Filter[]): Promise<void>;
  /**
   * Stores the next revision if `filter.revision - 1` is still in force; false when it is not.
   * @throws ConflictError when the name is taken.
   */
  replace(filter: Filter): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<Filter[]>;
  byIdempotencyKey(key: string): Promise<Filter | null>;
  all(): Promise<Filter[]>;
  /** In order of creation; the cursor is the id of a filter. */
  page(request: PageRequest, kind: FilterKind | null): Promise<Page<Filter>>;
}

type FilterRow = typeof filters.$inferSelect;

export function createFilterStore({ orm }: { orm: PostgresJsDatabase }): FilterStore {
  return {
    async insert(filter) {
      await refusingTakenNames(filter.name, () => orm.insert(filters).values({ ...toRow(filter), idempotencyKey: filter.idempotencyKey }));
    },
    async insertMissingPresets(presets) {
      // A user's filter of the same name keeps its name; the preset is then left out until that name is free.
      await orm
        .insert(filters)
        .values(presets.map((preset) => ({ ...toRow(preset), idempotencyKey: null })))
        .onConflictDoNothing();
    },
    async replace(filter) {
      const { id, ...values } = toRow(filter);
      const updated = await refusingTakenNames(filter.name, () =>
        orm
          .update(filters)
          .set(values)
          .where(and(eq(filters.id, id), eq(filters.revision, filter.revision - 1), isNull(filters.deletedAt)))
          .returning({ id: filters.id }),
      );
      return updated.length > 0;
    },
    async byIds(ids) {
      return (
        await orm
          .select()
          .from(filters)
          .where(inArray(filters.id, [...ids]))
      ).map(fromRow);
    },
    async byIdempotencyKey(key) {
      const [row] = await orm.select().from(filters).where(eq(filters.idempotencyKey, key));
      return row ? fromRow(row) : null;
    },
    async all() {
      return (await orm.select().from(filters).where(isNull(filters.deletedAt)).orderBy(asc(filters.id))).map(fromRow);
    },
    async page(request, kind) {
      const forward = request.direction === 'forward';
      const conditions: (SQL | undefined)[] = [isNull(filters.deletedAt)];
      if (kind) conditions.push((kind === 'PRESET' ? isNotNull : isNull)(filters.presetKey));
      if (request.cursor !== null) conditions.push((forward ? gt : lt)(filters.id, sql`${request.cursor}::uuid`));
      const rows = await orm
        .select()
        .from(filters)
        .where(and(...conditions))
        .orderBy((forward ? asc : desc)(filters.id))
        .limit(request.limit + 1);
      return pageOf(rows.map(fromRow), request);
    },
  };
}

async function refusingTakenNames<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, 'filters_name_unique'))
      throw new ConflictError(`expected a name that is free, got ${JSON.stringify(name)}`);
    throw error;
  }
}

function toRow(filter: Filter): Omit<FilterRow, 'idempotencyKey'> {
  return {
    id: filter.id,
    presetKey: filter.presetKey,
    name: filter.name,
    description: filter.description,
    criteria: filter.criteria,
    enabled: filter.enabled,
    revision: filter.revision,
    createdAt: new Date(filter.createdAtMs),
    updatedAt: new Date(filter.updatedAtMs),
    deletedAt: filter.deletedAtMs === null ? null : new Date(filter.deletedAtMs),
  };
}

function fromRow(row: FilterRow): Filter {
  return {
    id: row.id,
    presetKey: row.presetKey,
    kind: row.presetKey === null ? 'CUSTOM' : 'PRESET',
    name: row.name,
    description: row.description,
    criteria: row.criteria,
    enabled: row.enabled,
    revision: row.revision,
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
    deletedAtMs: row.deletedAt?.getTime() ?? null,
  };
}
