import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import type { FilterChange } from '../../domain/filters/filter-change.ts';
import { FILTER_PRESETS } from '../../domain/filters/presets.ts';
import { createQuota } from '../limits/quota.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { FilterRegistry } from './filter-registry.ts';
import type { FilterStore } from './filter-store.ts';
import { type FilterInput, parseFilterChange, parseNewFilter } from './parse-filter-input.ts';

export interface FilterServiceDeps {
  readonly store: FilterStore;
  readonly registry: FilterRegistry;
  /** Gives this process the changes that all processes make. */
  readonly follower: Pick<StreamFollower<FilterChange>, 'follow'>;
  /** Called with what has been committed here, for the other processes. */
  readonly onCommitted: (changes: readonly FilterChange[]) => void;
  readonly clock: () => number;
  readonly newId: () => string;
  /** Most filters that may be enabled, those of other processes included; two processes at the same moment may exceed it by one each. */
  readonly maximumEnabled: number;
}

export interface FilterService {
  /** Adds missing presets, loads all filters and follows the changes other processes make. To be called when the follower has been started. */
  start(): Promise<void>;
  stop(): void;
  /**
   * In force in this process when it returns. The same idempotency key again answers with the filter it made.
   * @throws ValidationError, ConflictError (name taken, or the key was used for something else), LimitExceededError (too many are enabled).
   */
  create(input: FilterInput, idempotencyKey: string | null): Promise<Filter>;
  /**
   * Only what is given changes. In force in this process when it returns.
   * @throws NotFoundError, ValidationError, ConflictError (another revision than expected is in force, or the name is taken), LimitExceededError.
   */
  update(id: string, expectedRevision: number, input: Partial<FilterInput>): Promise<Filter>;
  /** @throws NotFoundError, ConflictError. */
  delete(id: string, expectedRevision: number): Promise<Filter>;
  /** Filters by id, deleted ones too; the order is not that of the ids. */
  byIds(ids: readonly string[]): Promise<Filter[]>;
  page(request: PageRequest, kind: FilterKind | null): Promise<Page<Filter>>;
}

export function createFilterService({
  store,
  registry,
  follower,
  onCommitted,
  clock,
  newId,
  maximumEnabled,
}: FilterServiceDeps): FilterService {
  const quota = createQuota({
    name: 'enabledFilters',
    what: 'enabled filters',
    limit: maximumEnabled,
    count: () => registry.active().length,
  });
  let unfollow = () => {};

  function putInForce(changes: readonly FilterChange[]): void {
    for (const { filter } of changes) registry.put(filter);
  }

  /** In force here at once: the follower may still be waiting for earlier changes of other processes. */
  function committed(changes: readonly FilterChange[]): void {
    if (changes.length === 0) return;
    putInForce(changes);
    onCommitted(changes);
  }

  async function current(id: string, expectedRevision: number): Promise<Filter> {
    const [filter] = await store.byIds([id]);
    if (!filter || filter.deletedAtMs !== null) throw new NotFoundError(`expected the id of a filter, got ${id}`);
    if (filter.revision !== expectedRevision) throw staleRevision(expectedRevision, filter.revision);
    return filter;
  }

  async function replace(next: Filter): Promise<Filter> {
    const change = await store.replace(next);
    if (change) {
      committed([change]);
      return next;
    }
    // Somebody was faster between reading and writing: say who holds now.
    await current(next.id, next.revision - 1);
    throw new ConflictError('the filter was changed at the same moment, read it again');
  }

  /** Stores a filter that is to be in force from now on, or not. @throws LimitExceededError */
  function enabling<T>(isEnabled: boolean, store: () => Promise<T>): Promise<T> {
    return isEnabled ? quota.add(store) : store();
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
      // Whatever is followed before the filters are loaded was committed before, so it is among them; an older revision never replaces a newer one.
      unfollow = follower.follow(putInForce);
      const nowMs = clock();
      const presets = FILTER_PRESETS.map(
        (preset): Filter => ({
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
        }),
      );
      committed(await store.insertMissingPresets(presets));
      for (const filter of await store.all()) registry.put(filter);
    },

    stop: () => unfollow(),

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
        await enabling(filter.enabled, async () => committed([await store.insert({ ...filter, idempotencyKey })]));
      } catch (error) {
        // The same key at the same moment: the other call made it. Its name may be what collided first.
        const twin = idempotencyKey === null ? null : await createdWith(idempotencyKey, wanted);
        if (twin && (error instanceof ConflictError || isUniqueViolation(error, 'filters_idempotency_key_unique'))) return twin;
        throw error;
      }
      return filter;
    },

    async update(id, expectedRevision, input) {
      const filter = await current(id, expectedRevision);
      const next = { ...filter, ...parseFilterChange(input), revision: filter.revision + 1, updatedAtMs: clock() };
      return enabling(next.enabled && !filter.enabled, () => replace(next));
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
