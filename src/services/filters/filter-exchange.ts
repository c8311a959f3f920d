import type { Viewer } from '../../domain/access/viewer.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { canEditFilter } from '../../domain/filters/can-edit-filter.ts';
import { diffValues } from '../../domain/filters/diff-values.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import type { FilterChangeDraft } from '../../domain/filters/filter-change.ts';
import { type FilterDocument, toFilterDocument } from '../../domain/filters/filter-document.ts';
import { parseReason } from '../access/parse-reason.ts';
import type { FilterChangeRequest, FilterService } from './filter-service.ts';
import { parseFilterDocument } from './parse-filter-document.ts';
import { type FilterInput, LONGEST_NAME } from './parse-filter-input.ts';

/** FAIL: nothing is imported. SKIP: what is there stays. REPLACE: what is there gets another revision. RENAME: what comes gets another name. */
export const IMPORT_CONFLICT_RULES = ['FAIL', 'SKIP', 'REPLACE', 'RENAME'] as const;
export type ImportConflictRule = (typeof IMPORT_CONFLICT_RULES)[number];

export const IMPORT_OUTCOMES = ['CREATED', 'REPLACED', 'SKIPPED', 'RENAMED', 'CONFLICT'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

export interface ImportedFilter {
  readonly outcome: ImportOutcome;
  /** In the document. */
  readonly name: string;
  /** What it is called here. */
  readonly newName: string;
  /** As it is after the import; null when the import was not carried out and there is none. */
  readonly filterId: string | null;
  /** Why it is skipped or in conflict; null otherwise. */
  readonly message: string | null;
}

export interface FilterImport {
  /** False: nothing was stored, because it was a dry run or something is in conflict. */
  readonly isApplied: boolean;
  readonly filters: readonly ImportedFilter[];
}

export interface ImportRequest extends FilterChangeRequest {
  readonly dryRun: boolean;
  readonly onConflict: ImportConflictRule;
}

export interface FilterExchangeServiceDeps {
  readonly filters: Pick<FilterService, 'page' | 'visible' | 'applyAll'>;
  readonly clock: () => number;
  readonly newId: () => string;
}

/** Filters as documents that go from one server to another, or into version control. */
export interface FilterExchangeService {
  /** @param ids null: every filter in use that is shared or the viewer's own. @throws NotFoundError when one is not there */
  export(ids: readonly string[] | null, viewer: Viewer): Promise<FilterDocument>;
  /**
   * All or nothing.
   * @throws ValidationError with everything that is wrong with the document, LimitExceededError when too many would be enabled, ConflictError when somebody changed
   * one of them meanwhile
   */
  import(document: unknown, request: ImportRequest): Promise<FilterImport>;
}

interface Planned extends ImportedFilter {
  readonly draft: Pick<FilterChangeDraft, 'kind' | 'filter'> | null;
}

const FILTERS_AT_A_TIME = 500;

export function createFilterExchangeService({ filters, clock, newId }: FilterExchangeServiceDeps): FilterExchangeService {
  async function inUse(viewer: Viewer): Promise<Filter[]> {
    const all: Filter[] = [];
    for (;;) {
      const cursor = all.at(-1)?.id ?? null;
      const page = await filters.page({ direction: 'forward', limit: FILTERS_AT_A_TIME, cursor }, { kind: null, mine: false }, viewer);
      all.push(...page.rows);
      if (!page.hasNextPage) return all;
    }
  }

  function plan(inputs: readonly FilterInput[], existing: readonly Filter[], onConflict: ImportConflictRule, viewer: Viewer): Planned[] {
    const taken = new Map(existing.map((filter) => [nameKey(filter.name, filter.visibility, filter.ownerSubject), filter]));
    const keyOf = (name: string, { visibility }: FilterInput) => nameKey(name, visibility, viewer.subject);
    const used = new Set([...taken.keys(), ...inputs.map((input) => keyOf(input.name, input))]);
    const nowMs = clock();

    function created(input: FilterInput, name: string): Planned {
      const filter: Filter = {
        ...input,
        name,
        id: newId(),
        presetKey: null,
        kind: 'CUSTOM',
        ownerSubject: viewer.subject,
        revision: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        deletedAtMs: null,
      };
      const outcome = name === input.name ? 'CREATED' : 'RENAMED';
      return { outcome, name: input.name, newName: name, filterId: filter.id, message: null, draft: { kind: 'CREATED', filter } };
    }

    function freeName(input: FilterInput): string {
      for (let number = 2; ; number++) {
        const suffix = ` (${number})`;
        const name = input.name.slice(0, LONGEST_NAME - suffix.length).trimEnd() + suffix;
        const key = keyOf(name, input);
        if (used.has(key)) continue;
        used.add(key);
        return name;
      }
    }

    return inputs.map((input): Planned => {
      const there = taken.get(keyOf(input.name, input));
      if (!there) return created(input, input.name);
      if (onConflict === 'RENAME') return created(input, freeName(input));
      const stays = { name: input.name, newName: there.name, filterId: there.id, draft: null };
      if (onConflict === 'FAIL') return { ...stays, outcome: 'CONFLICT', message: 'expected a name that is free' };
      if (onConflict === 'SKIP') return { ...stays, outcome: 'SKIPPED', message: 'there is one of this name' };
      if (diffValues(contentOf(there), contentOf(input)).length === 0)
        return { ...stays, outcome: 'SKIPPED', message: 'it is the same already' };
      if (!canEditFilter(there, viewer)) {
        const message = `expected a filter of ${viewer.subject}, got one of ${there.ownerSubject ?? 'the product'}`;
        return { ...stays, outcome: 'CONFLICT', message };
      }
      const filter: Filter = { ...there, ...input, visibility: there.visibility, revision: there.revision + 1, updatedAtMs: nowMs };
      return { ...stays, outcome: 'REPLACED', newName: input.name, message: null, draft: { kind: 'UPDATED', filter } };
    });
  }

  return {
    async export(ids, viewer) {
      // What is private and of somebody else an administrator has to name.
      const isOwn = ({ visibility, ownerSubject }: Filter) => visibility === 'SHARED' || ownerSubject === viewer.subject;
      if (ids === null) return toFilterDocument((await inUse(viewer)).filter(isOwn));
      const chosen: Filter[] = [];
      for (const id of new Set(ids)) {
        const filter = await filters.visible(id, viewer);
        if (filter.deletedAtMs !== null) throw new NotFoundError(`expected the id of a filter in use, got ${id}`);
        chosen.push(filter);
      }
      return toFilterDocument(chosen);
    },

    async import(document, { caller, reason: statedReason, dryRun, onConflict }) {
      const reason = parseReason(statedReason);
      const { viewer } = caller;
      const planned = plan(parseFilterDocument(document), await inUse(viewer), onConflict, viewer);
      const isApplied = !dryRun && planned.every(({ outcome }) => outcome !== 'CONFLICT');
      const drafts = planned.flatMap(({ draft }) => (draft ? [{ ...draft, actor: viewer.subject, reason }] : []));
      if (isApplied && drafts.length > 0) await filters.applyAll(drafts, caller);
      return {
        isApplied,
        filters: planned.map(({ draft, ...told }) => ({
          ...told,
          filterId: isApplied || draft?.kind !== 'CREATED' ? told.filterId : null,
        })),
      };
    },
  };
}

/** As the index of names has it: shared ones apart from the private ones of each owner. */
function nameKey(name: string, visibility: Filter['visibility'], ownerSubject: string | null): string {
  return `${visibility === 'PRIVATE' ? ownerSubject : ''} ${name.toLowerCase()}`;
}

/** What a document says of a filter and a replacement changes. */
function contentOf({ name, description, criteria, limits, enabled }: FilterInput) {
  return { name, description, criteria, limits, enabled };
}
