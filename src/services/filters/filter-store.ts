import { and, asc, desc, eq, gt, isNotNull, isNull, lt, type SQL, sql as sqlText } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Sql, Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { filters } from '../../db/tables/filters.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import type { FilterChange, FilterChangeDraft } from '../../domain/filters/filter-change.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import { filterChangeStream } from './filter-change-stream.ts';

export interface NewFilter extends Filter {
  readonly idempotencyKey: string | null;
}

/** Rows of filters. Deleted ones are found by id only. What is written is stored together with its change in the stream of changes, or not at all. */
export interface FilterStore {
  /** @throws ConflictError when the name is taken. */
  insert(filter: NewFilter): Promise<FilterChange>;
  /** Inserts the presets that have no row yet, deleted or not; one change for each that had none. */
  insertMissingPresets(presets: readonly Filter[]): Promise<readonly FilterChange[]>;
  /**
   * Stores the next revision if `filter.revision - 1` is still in force; null when it is not.
   * @throws ConflictError when the name is taken.
   */
  replace(filter: Filter): Promise<FilterChange | null>;
  byIds(ids: readonly string[]): Promise<Filter[]>;
  byIdempotencyKey(key: string): Promise<Filter | null>;
  all(): Promise<Filter[]>;
  /** In order of creation; the cursor is the id of a filter. */
  page(request: PageRequest, kind: FilterKind | null): Promise<Page<Filter>>;
}

type FilterRow = typeof filters.$inferSelect;

export interface FilterStoreDeps {
  /** For writing: appending to a stream takes a transaction of this client. */
  readonly sql: Sql;
  readonly orm: PostgresJsDatabase;
  readonly streamLog: StreamLog;
}

export function createFilterStore({ sql, orm, streamLog }: FilterStoreDeps): FilterStore {
  /** Changes whose filters have been written in this transaction. Their times are those of the filters. */
  function append(transaction: Transaction, drafts: readonly FilterChangeDraft[]): Promise<FilterChange[]> {
    return streamLog.append(transaction, filterChangeStream, drafts, Math.max(...drafts.map(({ filter }) => filter.updatedAtMs)));
  }

  return {
    async insert(filter) {
      const { idempotencyKey, ...stored } = filter;
      return refusingTakenNames(filter.name, () =>
        sql.begin(async (transaction) => {
          await insertRow(transaction, stored, idempotencyKey);
          const [change] = await append(transaction, [{ kind: 'CREATED', filter: stored }]);
          return change!;
        }),
      );
    },
    async insertMissingPresets(presets) {
      return sql.begin(async (transaction) => {
        const inserted: FilterChangeDraft[] = [];
        for (const preset of presets) {
          // A user's filter of the same name keeps its name; the preset is then left out until that name is free.
          if (await insertRow(transaction, preset, null, sql`on conflict do nothing`)) inserted.push({ kind: 'CREATED', filter: preset });
        }
        return append(transaction, inserted);
      });
    },
    async replace(filter) {
      return refusingTakenNames(filter.name, () =>
        sql.begin(async (transaction) => {
          const { count } = await transaction`
            update filters set
              name = ${filter.name}, description = ${filter.description}, criteria = ${transaction.json({ ...filter.criteria } as never)},
              enabled = ${filter.enabled}, revision = ${filter.revision}, updated_at = ${transaction.typed.timestamptz(filter.updatedAtMs)},
              deleted_at = ${timestamp(transaction, filter.deletedAtMs)}
            where id = ${filter.id} and revision = ${filter.revision - 1} and deleted_at is null`;
          if (count === 0) return null;
          const [change] = await append(transaction, [{ kind: filter.deletedAtMs === null ? 'UPDATED' : 'DELETED', filter }]);
          return change!;
        }),
      );
    },
    async byIds(ids) {
      // One parameter, whatever the number of ids: PostgreSQL keeps a plan of every text it has prepared.
      return (
        await orm
          .select()
          .from(filters)
          .where(sqlText`${filters.id} = any(${sqlText.param(ids)}::uuid[])`)
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
      if (request.cursor !== null) conditions.push((forward ? gt : lt)(filters.id, sqlText`${request.cursor}::uuid`));
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

/** @returns whether there is a new row */
async function insertRow(
  transaction: Transaction,
  filter: Filter,
  idempotencyKey: string | null,
  onConflict = transaction``,
): Promise<boolean> {
  const { count } = await transaction`
    insert into filters (id, preset_key, name, description, criteria, enabled, revision, created_at, updated_at, deleted_at, idempotency_key)
    values (
      ${filter.id}, ${filter.presetKey}, ${filter.name}, ${filter.description}, ${transaction.json({ ...filter.criteria } as never)},
      ${filter.enabled}, ${filter.revision}, ${transaction.typed.timestamptz(filter.createdAtMs)},
      ${transaction.typed.timestamptz(filter.updatedAtMs)}, ${timestamp(transaction, filter.deletedAtMs)}, ${idempotencyKey}
    ) ${onConflict}`;
  return count > 0;
}

function timestamp(transaction: Transaction, epochMs: number | null) {
  return epochMs === null ? null : transaction.typed.timestamptz(epochMs);
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
