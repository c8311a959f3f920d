import type { Logger } from 'pino';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import { FILTER_PRESETS } from '../../domain/filters/presets.ts';
import type { Bus } from '../bus/bus.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { FilterRegistry } from './filter-registry.ts';
import type { FilterStore } from './filter-store.ts';
import { type FilterInput, parseFilterChange, parseNewFilter } from './parse-filter-input.ts';

/** Bus channel on which processes tell each other that a filter changed. */
const CHANNEL = 'filters';

export interface FilterServiceDeps {
  readonly store: FilterStore;
  readonly registry: FilterRegistry;
  readonly bus: Bus;
  readonly log: Logger;
  readonly clock: () => number;
  readonly newId: () => string;
}

export interface FilterService {
  /** Adds missing presets, loads all filters and follows the changes other processes make. */
  start(): Promise<void>;
  stop(): void;
  /**
   * In force in this process when it returns. The same idempotency key again answers with the filter it made.
   * @throws ValidationError, ConflictError (name taken, or the key was used for something else).
   */
  create(input: FilterInput, idempotencyKey: string | null): Promise<Filter>;
  /**
   * Only what is given changes. In force in this process when it returns.
   * @throws NotFoundError, ValidationError, ConflictError (another revision than expected is in force, or the name is taken).
   */
  update(id: string, expectedRevision: number, input: Partial<FilterInput>): Promise<Filter>;
  /** @throws NotFoundError, ConflictError. */
  delete(id: string, expectedRevision: number): Promise<Filter>;
  /** Filters by id, deleted ones too; the order is not that of the ids. */
  byIds(ids: readonly string[]): Promise<Filter[]>;
  page(request: PageRequest, kind: FilterKind | null): Promise<Page<Filter>>;
}

export function createFilterService({ store, registry, bus, log, clock, newId }: FilterServiceDeps): FilterService {
  let unsubscribe = () => {};

  function putInForce(filter: Filter): void {
    registry.put(filter);
    bus.publish(CHANNEL, { firstSequence: filter.revision, rows: [filter.id] });
  }

  async function reload(ids: readonly string[]): Promise<void> {
    for (const filter of await store.byIds(ids)) registry.put(filter);
  }

  async function current(id: string, expectedRevision: number): Promise<Filter> {
    const [filter] = await store.byIds([id]);
    if (!filter || filter.deletedAtMs !== null) throw new NotFoundError(`expected the id of a filter, got ${id}`);
    if (filter.revision !== expectedRevision) throw staleRevision(expectedRevision, filter.revision);
    return filter;
  }

  async function replace(next: Filter): Promise<Filter> {
    if (await store.replace(next)) {
      putInForce(next);
      return next;
    }
    // Somebody was faster between reading and writing: say who holds now.
    await current(next.id, next.revision - 1);
    throw new ConflictError('the filter was changed at the same moment, read it again');
  }

  async function createdWith(key: string, wanted: FilterInput): Promise<Filter | null> {
    const filter = await store.byIdempotencyKey(key);
    if (!filter) return null;
    if (filter.revision === 1 && filter.name !== wanted.name) {
      throw new ConflictError(`expected an idempotency key that is new, got one that made the filter ${JSON.stringify(filter.name)}`);
    }
    return filter;
  }

  return {
    async start() {
      unsubscribe = bus.subscribe(CHANNEL, ({ rows }) => {
        const ids = rows.filter((row) => typeof row === 'string');
        reload(ids).catch((error: unknown) => log.error({ err: error }, 'a changed filter could not be loaded'));
      });
      const nowMs = clock();
      await store.insertMissingPresets(
        FILTER_PRESETS.map((preset) => ({
          id: newId(),
          presetKey: preset.key,
          kind: 'PRESET',
          name: preset.name,
          description: preset.description,
          criteria: preset.criteria,
          enabled: true,
          revision: 1,
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
          deletedAtMs: null,
        })),
      );
      for (const filter of await store.all()) registry.put(filter);
    },

    stop: () => unsubscribe(),

    async create(input, idempotencyKey) {
      const wanted = parseNewFilter(input);
      const existing = idempotencyKey === null ? null : await createdWith(idempotencyKey, wanted);
      if (existing) return existing;
      const nowMs = clock();
      const filter: Filter = {
        ...wanted,
        id: newId(),
        presetKey: null,
        kind: 'CUSTOM',
        revision: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        deletedAtMs: null,
      };
      try {
        await store.insert({ ...filter, idempotencyKey });
      } catch (error) {
        // The same key at the same moment: the other call made it. Its name may be what collided first.
        const twin = idempotencyKey === null ? null : await createdWith(idempotencyKey, wanted);
        if (twin && (error instanceof ConflictError || isUniqueViolation(error, 'filters_idempotency_key_unique'))) return twin;
        throw error;
      }
      putInForce(filter);
      return filter;
    },

    async update(id, expectedRevision, input) {
      const filter = await current(id, expectedRevision);
      return replace({ ...filter, ...parseFilterChange(input), revision: filter.revision + 1, updatedAtMs: clock() });
    },

    async delete(id, expectedRevision) {
      const filter = await current(id, expectedRevision);
      const nowMs = clock();
      return replace({ ...filter, revision: filter.revision + 1, updatedAtMs: nowMs, deletedAtMs: nowMs });
    },

    byIds: store.byIds,
    page: store.page,
  };
}

function staleRevision(expected: number, currentRevision: number): ConflictError {
  return new ConflictError(`expected revision ${expected} to be in force, got ${currentRevision}`, currentRevision);
}
