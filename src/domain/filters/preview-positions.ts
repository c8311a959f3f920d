import type { MetricName } from '../candidates/metric.ts';
import type { Position } from '../results/position.ts';
import type { StatedCriterion } from './criterion.ts';
import { type CriterionVerdict, explainCriteria } from './explain-criteria.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import type { CriteriaPreview } from './preview-criteria.ts';
import { createRankedList, type RankedList } from './ranked-list.ts';

/** A position that was looked at. */
export interface PreviewPosition extends Position {
  /** The stored result; null for a candidate of a live chain. */
  readonly resultId: string | null;
}

/** Fails one criterion of the outermost group and nothing else. */
export interface NearMiss {
  readonly position: PreviewPosition;
  readonly failed: CriterionVerdict;
  /** The distance as a share of the span from the 1st to the 99th percentile of what was looked at, so that metrics compare; null where there is no distance. */
  readonly relativeDistance: number | null;
}

/** The rows that are being looked at. Unknown is NaN. */
export interface PreviewRows {
  score(row: number): number;
  value(metric: MetricName, row: number): number;
  position(row: number): PreviewPosition;
}

export interface PreviewPositions {
  matched(source: PreviewRows, rows: Uint8Array, size: number): void;
  missed(source: PreviewRows, criterion: StatedCriterion, rows: Uint8Array, matching: Uint8Array, size: number): void;
  /** Those that match with the highest scores, highest first. */
  best(): PreviewPosition[];
  /** Nearest first; those without a distance last, by score. */
  nearMisses(preview: CriteriaPreview): NearMiss[];
}

/** The few positions of a preview that somebody is going to see. @param criteria as parseFilterCriteria leaves them */
export function createPreviewPositions(criteria: FilterCriteria, mostBest: number, mostNearMisses: number): PreviewPositions {
  const best = createRankedList<PreviewPosition>(mostBest);
  // Distances of different metrics compare only once it is known how their values spread: until then each criterion keeps its own.
  const missed = new Map<string, RankedList<PreviewPosition>>();

  return {
    matched(source, rows, size) {
      for (let row = 0; row < size; row++) {
        if (rows[row] === 0) continue;
        const rank = -source.score(row);
        if (best.hasPlace(rank, 0)) best.add(rank, 0, source.position(row));
      }
    },
    missed(source, criterion, rows, matching, size) {
      let list = missed.get(criterion.path);
      if (!list) {
        list = createRankedList(mostNearMisses);
        missed.set(criterion.path, list);
      }
      for (let row = 0; row < size; row++) {
        if (rows[row] === 0 || matching[row] === 1) continue;
        const distance = distanceOf(criterion, source, row);
        const rank = -source.score(row);
        if (list.hasPlace(distance, rank)) list.add(distance, rank, source.position(row));
      }
    },
    best: () => best.list().map(({ item }) => item),
    nearMisses(preview) {
      const nearest = createRankedList<NearMiss>(mostNearMisses);
      for (const { criterion, histogram } of preview.criteria) {
        const buckets = histogram?.buckets ?? [];
        const span = buckets.length === 0 ? 0 : buckets.at(-1)!.to - buckets[0]!.from;
        for (const { first, second, item } of missed.get(criterion.path)?.list() ?? []) {
          const relative = span > 0 ? first / span : Number.POSITIVE_INFINITY;
          if (!nearest.hasPlace(relative, second)) continue;
          const [failed] = explainCriteria(criteria, item).failed;
          // The numbers of a position are rounded: what is off by less than that passes.
          if (!failed) continue;
          nearest.add(relative, second, { position: item, failed, relativeDistance: Number.isFinite(relative) ? relative : null });
        }
      }
      return nearest.list().map(({ item }) => item);
    },
  };
}

/** NaN where there is none. */
function distanceOf(criterion: StatedCriterion, source: PreviewRows, row: number): number {
  if (criterion.kind !== 'METRIC' || criterion.expected.isNull !== undefined) return Number.NaN;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = criterion.expected;
  const value = source.value(criterion.metric, row);
  return Math.max(0, min - value, value - max);
}
