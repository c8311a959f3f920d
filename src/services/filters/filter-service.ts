import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ForbiddenError } from '../../domain/access/forbidden-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import { canEditFilter } from '../../domain/filters/can-edit-filter.ts';
import { canSeeFilter } from '../../domain/filters/can-see-filter.ts';
import type { Filter, FilterKind } from '../../domain/filters/filter.ts';
import type { FilterChange, FilterChangeDraft, FilterChangeKind } from '../../domain/filters/filter-change.ts';
import type { FilterVisibility } from '../../domain/filters/filter-visibility.ts';
import { overrideCriteria } from '../../domain/filters/override-criteria.ts';
import { FILTER_PRESETS } from '../../domain/filters/presets.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { parseReason } from '../access/parse-reason.ts';
import { createQuota } from '../limits/quota.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { FilterRegistry } from './filter-registry.ts';
import type { FilterStore } from './filter-store.ts';
import { createFilterWriter, type FilterWriterDeps } from './filter-writer.ts';
import { type FilterChangeInput, type FilterInput, parseFilterChange, parseNewFilter } from './parse-filter-input.ts';

export interface FilterServiceDeps {
  readonly sql: FilterWriterDeps['sql'];
  readonly store: FilterStore;
  readonly registry: FilterRegistry;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** Gives this process the changes that all processes make. */
  readonly follower: Pick<StreamFollower<FilterChange>, 'follow'>;
  /** Called with what has been committed here, for the other processes. */
  readonly onCommitted: (changes: readonly FilterChange[]) => void;
  readonly clock: () => number;
  readonly newId: () => string;
  /** Most filters that may be enabled, those of other processes included; two processes at the same moment may exceed it by one each. */
  readonly maximumEnabled: number;
}

/** What goes with a change besides its content. */
export interface FilterChangeRequest {
  readonly caller: Caller;
  readonly reason?: string | null | undefined;
}

export interface NewFilterRequest extends FilterChangeRequest {
  readonly idempotencyKey: string | null;
}

/** Which filters of those that the viewer may see. */
export interface WhichFilters {
  /** Null: of any. */
  readonly kind: FilterKind | null;
  /** Left out: of any. */
  readonly visibility?: FilterVisibility | undefined;
  /** Only those that the viewer owns. */
  readonly mine: boolean;
}

/** Filters: who may see and change them, and that every change is in force, in the stream of changes and in the audit trail. What somebody may not see is not found. */
export interface FilterService {
  /** Adds missing presets, loads all filters and follows the changes other processes make. To be called when the follower has been started. */
  start(): Promise<void>;
  stop(): void;
  /**
   * In force in this process when it returns. The same idempotency key of the same caller again answers with the filter it made.
   * @throws ValidationError, ConflictError (name taken, or the key was used for something else), LimitExceededError (too many are enabled).
   */
  create(input: FilterInput, request: NewFilterRequest): Promise<Filter>;
  /**
   * Only what is given changes. In force in this process when it returns.
   * @throws NotFoundError, ForbiddenError, ValidationError, ConflictError (another revision than expected is in force, or the name is taken), LimitExceededError.
   */
  update(id: string, expectedRevision: number, input: FilterChangeInput, request: FilterChangeRequest): Promise<Filter>;
  /** @throws NotFoundError, ForbiddenError, ConflictError. */
  delete(id: string, expectedRevision: number, request: FilterChangeRequest): Promise<Filter>;
  /** Takes a deleted filter back into use. @throws NotFoundError, ForbiddenError, ConflictError (it is not deleted, or its name is taken), LimitExceededError. */
  restore(id: string, request: FilterChangeRequest): Promise<Filter>;
  /** One that the viewer may see, deleted or not. @throws NotFoundError */
  visible(id: string, viewer: Viewer): Promise<Filter>;
  /**
   * Stores filters that whoever asks may make and change, all or none; in force in this process when it returns.
   * @throws ConflictError when something else was faster, LimitExceededError when too many would be enabled
   */
  applyAll(drafts: readonly FilterChangeDraft[], caller: Caller): Promise<void>;
  /** One that the viewer may change, deleted or not. @throws NotFoundError, ForbiddenError */
  editable(id: string, viewer: Viewer): Promise<Filter>;
  /** Filters by id, deleted and private ones too: for who has found out what may be seen. The order is not that of the ids. */
  byIds(ids: readonly string[]): Promise<Filter[]>;
  page(request: PageRequest, which: WhichFilters, viewer: Viewer): Promise<Page<Filter>>;
}

export function createFilterService(deps: FilterServiceDeps): FilterService {
  const { store, registry, follower, onCommitted, clock, newId, maximumEnabled } = deps;
  const quota = createQuota({
    name: 'enabledFilters',
    what: 'enabled filters',
    limit: maximumEnabled,
    count: () => registry.active().length,
  });
  const writer = createFilterWriter({
    ...deps,
    onCommitted(changes) {
      // In force here at once: the follower may still be waiting for earlier changes of other processes.
      putInForce(changes);
      onCommitted(changes);
    },
  });
  let unfollow = () => {};

  function putInForce(changes: readonly FilterChange[]): void {
    for (const { filter } of changes) registry.put(filter);
  }

  async function visible(id: string, viewer: Viewer): Promise<Filter> {
    const [filter] = await store.byIds([id]);
    if (!filter || !canSeeFilter(filter, viewer)) throw notFound(id);
    return filter;
  }

  async function editable(id: string, viewer: Viewer): Promise<Filter> {
    const filter = await visible(id, viewer);
    if (canEditFilter(filter, viewer)) return filter;
    throw new ForbiddenError(`expected a filter of ${viewer.subject}, got one of ${filter.ownerSubject ?? 'the product'}`, null);
  }

  async function current(id: string, expectedRevision: number, viewer: Viewer): Promise<Filter> {
    const filter = await editable(id, viewer);
    if (filter.deletedAtMs !== null) throw notFound(id);
    if (filter.revision !== expectedRevision) throw staleRevision(expectedRevision, filter.revision);
    return filter;
  }

  async function replace(kind: FilterChangeKind, next: Filter, { caller, reason }: FilterChangeRequest): Promise<Filter> {
    const draft = { kind, filter: next, actor: caller.viewer.subject, reason: parseReason(reason) };
    if (await writer.replace(draft, caller)) return next;
    // Somebody was faster between reading and writing: say who holds now.
    await current(next.id, next.revision - 1, caller.viewer);
    throw new ConflictError('the filter was changed at the same moment, read it again');
  }

  /** Stores a filter that is to be in force from now on, or not. @throws LimitExceededError */
  function enabling<T>(isEnabled: boolean, store: () => Promise<T>): Promise<T> {
    return isEnabled ? quota.add(store) : store();
  }

  async function createdWith(key: string | null, wanted: FilterInput): Promise<Filter | null> {
    const filter = key === null ? null : await store.byIdempotencyKey(key);
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
      await writer.insertMissingPresets(presetFilters(newId, clock()));
      for (const filter of await store.all()) registry.put(filter);
    },

    stop: () => unfollow(),

    async create(input, { caller, reason, idempotencyKey }) {
      const wanted = parseNewFilter(input);
      // Keys of one caller say nothing about those of another.
      const key = idempotencyKey === null ? null : JSON.stringify([caller.viewer.subject, idempotencyKey]);
      const existing = await createdWith(key, wanted);
      if (existing) return existing;
      const nowMs = clock();
      const filter: Filter = {
        ...wanted,
        id: newId(),
        presetKey: null,
        kind: 'CUSTOM',
        ownerSubject: caller.viewer.subject,
        revision: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        deletedAtMs: null,
      };
      const draft = { kind: 'CREATED', filter, actor: caller.viewer.subject, reason: parseReason(reason) } as const;
      try {
        await enabling(filter.enabled, () => writer.insert(draft, key, caller));
      } catch (error) {
        // The same key at the same moment: the other call made it. Its name may be what collided first.
        const twin = await createdWith(key, wanted);
        if (twin && (error instanceof ConflictError || isUniqueViolation(error, 'filters_idempotency_key_unique'))) return twin;
        throw error;
      }
      return filter;
    },

    async update(id, expectedRevision, input, request) {
      const filter = await current(id, expectedRevision, request.caller.viewer);
      const change = parseFilterChange(withOverrides(filter, input));
      const next = { ...filter, ...change, revision: filter.revision + 1, updatedAtMs: clock() };
      if (next.visibility === 'PRIVATE' && next.ownerSubject === null) {
        throw new ValidationError([{ path: 'visibility', message: 'expected SHARED, because the filter has no owner, got PRIVATE' }]);
      }
      return enabling(next.enabled && !filter.enabled, () => replace('UPDATED', next, request));
    },

    async delete(id, expectedRevision, request) {
      const filter = await current(id, expectedRevision, request.caller.viewer);
      const nowMs = clock();
      return replace('DELETED', { ...filter, revision: filter.revision + 1, updatedAtMs: nowMs, deletedAtMs: nowMs }, request);
    },

    async restore(id, request) {
      const filter = await editable(id, request.caller.viewer);
      if (filter.deletedAtMs === null) throw new ConflictError('expected a deleted filter, got one that is in use', filter.revision);
      const next = { ...filter, revision: filter.revision + 1, updatedAtMs: clock(), deletedAtMs: null };
      return enabling(next.enabled, () => replace('RESTORED', next, request));
    },

    async applyAll(drafts, caller) {
      const enabled = new Set(registry.active().map(({ filter }) => filter.id));
      const added = drafts.filter(({ filter }) => filter.enabled && !enabled.has(filter.id)).length;
      const write = () => writer.writeAll(drafts, caller);
      await (added > 0 ? quota.add(write, added) : write());
    },

    visible,
    editable,
    byIds: store.byIds,
    page: (request, { kind, visibility, mine }, viewer) =>
      store.page(request, {
        kind: kind ?? undefined,
        visibility,
        ownerSubject: mine ? viewer.subject : undefined,
        hiddenFilterIds: registry.hiddenFilterIds(viewer),
      }),
  };
}

/** @throws ValidationError when there are criteria too */
function withOverrides({ criteria }: Filter, { overrides, ...given }: FilterChangeInput): Partial<FilterInput> {
  if (overrides === undefined) return given;
  if (given.criteria !== undefined) {
    throw new ValidationError([{ path: 'overrides', message: 'expected either criteria or overrides, got both' }]);
  }
  return { ...given, criteria: overrideCriteria(criteria, overrides) };
}

function presetFilters(newId: () => string, nowMs: number): Filter[] {
  return FILTER_PRESETS.map(({ key, name, description, criteria }) => ({
    id: newId(),
    presetKey: key,
    kind: 'PRESET',
    ownerSubject: null,
    visibility: 'SHARED',
    name,
    description,
    criteria,
    enabled: true,
    revision: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    deletedAtMs: null,
  }));
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`expected the id of a filter, got ${id}`);
}

function staleRevision(expected: number, currentRevision: number): ConflictError {
  return new ConflictError(`expected revision ${expected} to be in force, got ${currentRevision}`, currentRevision);
}
