import { and, asc, desc, eq, gt, isNotNull, isNull, lt, or, type SQL, sql as sqlText } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { filters } from '../../db/tables/filters.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import type { FilterChange, FilterChangeDraft } from '../../domain/filters/filter-change.ts';
import type { FilterVisibility } from '../../domain/filters/filter-visibility.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import { filterChangeStream } from './filter-change-stream.ts';

/** Which filters a page is of; left out: all. */
export interface FilterQuery {
  readonly kind?: FilterKind | undefined;
  readonly ownerSubject?: string | undefined;
  readonly visibility?: FilterVisibility | undefined;
  /** None of these. */
  readonly hiddenFilterIds?: readonly string[] | undefined;
}

/** Rows of filters. Deleted ones are found by id only. What is written is stored together with its change in the stream of changes, or not at all. */
export interface FilterStore {
  /** @throws ConflictError when the name is taken. */
  insert(transaction: Transaction, draft: FilterChangeDraft, idempotencyKey: string | null): Promise<FilterChange>;
  /** Inserts the presets that have no row yet, deleted or not; one change for each that had none. */
  insertMissingPresets(transaction: Transaction, presets: readonly Filter[]): Promise<readonly FilterChange[]>;
  /**
   * Stores the next revision if the one before it is still in force; null when it is not.
   * @throws ConflictError when the name is taken.
   */
  replace(transaction: Transaction, draft: FilterChangeDraft): Promise<FilterChange | null>;
  byIds(ids: readonly string[]): Promise<Filter[]>;
  byIdempotencyKey(key: string): Promise<Filter | null>;
  /** Those in use, and private ones that are deleted: what they found is still there. */
  all(): Promise<Filter[]>;
  /** In order of creation; the cursor is the id of a filter. */
  page(request: PageRequest, query: FilterQuery): Promise<Page<Filter>>;
}

type FilterRow = typeof filters.$inferSelect;

export interface FilterStoreDeps {
  readonly orm: PostgresJsDatabase;
  readonly streamLog: Pick<StreamLog, 'append'>;
}

export function createFilterStore({ orm, streamLog }: FilterStoreDeps): FilterStore {
  /** Changes whose filters have been written in this transaction. Their times are those of the filters. */
  function append(transaction: Transaction, drafts: readonly FilterChangeDraft[]): Promise<FilterChange[]> {
    return streamLog.append(transaction, filterChangeStream, drafts, Math.max(...drafts.map(({ filter }) => filter.updatedAtMs)));
  }

  return {
    async insert(transaction, draft, idempotencyKey) {
      await refusingTakenNames(draft.filter.name, () => insertRow(transaction, draft.filter, idempotencyKey));
      const [change] = await append(transaction, [draft]);
      return change!;
    },
    async insertMissingPresets(transaction, presets) {
      const inserted: FilterChangeDraft[] = [];
      for (const filter of presets) {
        // A user's filter of the same name keeps its name; the preset is then left out until that name is free.
        if (await insertRow(transaction, filter, null, transaction`on conflict do nothing`)) {
          inserted.push({ kind: 'CREATED', filter, actor: null, reason: null });
        }
      }
      return append(transaction, inserted);
    },
    async replace(transaction, draft) {
      const { filter } = draft;
      const { count } = await refusingTakenNames(
        filter.name,
        () => transaction`
          update filters set
            name = ${filter.name}, description = ${filter.description}, criteria = ${transaction.json({ ...filter.criteria } as never)},
            limits = ${limitsOf(transaction, filter)},
            enabled = ${filter.enabled}, visibility = ${filter.visibility}, revision = ${filter.revision},
            updated_at = ${transaction.typed.timestamptz(filter.updatedAtMs)}, deleted_at = ${timestamp(transaction, filter.deletedAtMs)}
          where id = ${filter.id} and revision = ${filter.revision - 1}`,
      );
      if (count === 0) return null;
      const [change] = await append(transaction, [draft]);
      return change!;
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
      return (
        await orm
          .select()
          .from(filters)
          .where(or(isNull(filters.deletedAt), eq(filters.visibility, 'PRIVATE')))
          .orderBy(asc(filters.id))
      ).map(fromRow);
    },
    async page(request, { kind, ownerSubject, visibility, hiddenFilterIds = [] }) {
      const forward = request.direction === 'forward';
      const conditions: (SQL | undefined)[] = [isNull(filters.deletedAt)];
      if (kind) conditions.push((kind === 'PRESET' ? isNotNull : isNull)(filters.presetKey));
      if (ownerSubject !== undefined) conditions.push(eq(filters.ownerSubject, ownerSubject));
      if (visibility) conditions.push(eq(filters.visibility, visibility));
      if (hiddenFilterIds.length > 0) conditions.push(sqlText`${filters.id} <> all(${sqlText.param(hiddenFilterIds)}::uuid[])`);
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

async function refusingTakenNames<T>(name: string, write: () => PromiseLike<T>): Promise<T> {
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
    insert into filters (id, preset_key, owner_subject, visibility, name, description, criteria, limits, enabled, revision, created_at, updated_at, deleted_at, idempotency_key)
    values (
      ${filter.id}, ${filter.presetKey}, ${filter.ownerSubject}, ${filter.visibility}, ${filter.name}, ${filter.description},
      ${transaction.json({ ...filter.criteria } as never)}, ${limitsOf(transaction, filter)}, ${filter.enabled}, ${filter.revision}, ${transaction.typed.timestamptz(filter.createdAtMs)},
      ${transaction.typed.timestamptz(filter.updatedAtMs)}, ${timestamp(transaction, filter.deletedAtMs)}, ${idempotencyKey}
    ) ${onConflict}`;
  return count > 0;
}

function limitsOf(transaction: Transaction, { limits }: Filter) {
  return limits ? transaction.json({ ...limits } as never) : null;
}

function timestamp(transaction: Transaction, epochMs: number | null) {
  return epochMs === null ? null : transaction.typed.timestamptz(epochMs);
}

function fromRow(row: FilterRow): Filter {
  return {
    id: row.id,
    presetKey: row.presetKey,
    kind: row.presetKey === null ? 'CUSTOM' : 'PRESET',
    ownerSubject: row.ownerSubject,
    visibility: row.visibility,
    name: row.name,
    description: row.description,
    criteria: row.criteria,
    ...(row.limits && { limits: row.limits }),
    enabled: row.enabled,
    revision: row.revision,
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
    deletedAtMs: row.deletedAt?.getTime() ?? null,
  };
}
