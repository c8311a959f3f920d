import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import type { FilterVisibility } from '../../domain/filters/filter-visibility.ts';
import { overrideCriteria } from '../../domain/filters/override-criteria.ts';
import { FILTER_PRESETS } from '../../domain/filters/presets.ts';
import type { FilterChangeStore } from './filter-change-store.ts';
import type { FilterChangeRequest, FilterService, NewFilterRequest } from './filter-service.ts';

export interface DerivedFilterServiceDeps {
  readonly filters: Pick<FilterService, 'create' | 'update' | 'visible' | 'editable'>;
  readonly changes: Pick<FilterChangeStore, 'revision'>;
}

/** What a filter made of another begins with; left out: as the other has it. */
export interface DerivedFilterInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly visibility?: FilterVisibility | undefined;
}

/** Filters made of what is there already: earlier revisions, other filters, presets. Fails as FilterService does. */
export interface DerivedFilterService {
  /**
   * A new revision that has name, description, criteria, limits and enabled of an earlier one. Who sees it stays as it is: going back must not publish anything.
   * @throws NotFoundError also when there is no such revision, ValidationError when it is in force
   */
  rollback(id: string, expectedRevision: number, revision: number, request: FilterChangeRequest): Promise<Filter>;
  /** A filter of the caller's like one that it may see. */
  duplicate(id: string, input: DerivedFilterInput, request: NewFilterRequest): Promise<Filter>;
  /** A filter of the caller's like a preset ships, with some criteria of its own. @throws NotFoundError when there is no such preset */
  applyPreset(key: string, overrides: FilterCriteria, input: DerivedFilterInput, request: NewFilterRequest): Promise<Filter>;
  /** Whatever revision is in force; no new one when it is so already. */
  setEnabled(id: string, enabled: boolean, request: FilterChangeRequest): Promise<Filter>;
}

export function createDerivedFilterService({ filters, changes }: DerivedFilterServiceDeps): DerivedFilterService {
  return {
    async rollback(id, expectedRevision, revision, request) {
      const { viewer } = request.caller;
      const filter = await filters.editable(id, viewer);
      if (revision === filter.revision && expectedRevision === revision) {
        throw new ValidationError([{ path: 'revision', message: `expected an earlier revision than the one in force, got ${revision}` }]);
      }
      const change = await changes.revision(id, revision);
      if (!change) throw new NotFoundError(`expected a revision of the filter, 1 to ${filter.revision}, got ${revision}`);
      const { name, description, criteria, limits = {}, enabled } = change.filter;
      return filters.update(id, expectedRevision, { name, description, criteria, limits, enabled }, request);
    },

    async duplicate(id, input, request) {
      const { description, criteria, limits, enabled, visibility } = await filters.visible(id, request.caller.viewer);
      return filters.create({ description, enabled, visibility, ...given(input), criteria, limits }, request);
    },

    async applyPreset(key, overrides, input, request) {
      const preset = FILTER_PRESETS.find((known) => known.key === key);
      if (!preset) {
        const keys = FILTER_PRESETS.map((known) => known.key).join(', ');
        throw new NotFoundError(`expected a preset, one of ${keys}, got ${JSON.stringify(key.slice(0, 60))}`);
      }
      const criteria = overrideCriteria(preset.criteria, overrides);
      return filters.create({ description: preset.description, enabled: true, visibility: 'SHARED', ...given(input), criteria }, request);
    },

    async setEnabled(id, enabled, request) {
      const filter = await filters.editable(id, request.caller.viewer);
      if (filter.enabled === enabled && filter.deletedAtMs === null) return filter;
      return filters.update(id, filter.revision, { enabled }, request);
    },
  };
}

/** Without what is left out, which would hide what it is to leave as it is. */
function given({ name, description, enabled, visibility }: DerivedFilterInput) {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(visibility !== undefined && { visibility }),
  };
}
