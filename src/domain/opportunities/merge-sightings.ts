import type { Opportunity } from './opportunity.ts';

/**
 * One opportunity of which two processes tell, or one that tells of it twice: identity and beginning as `stored`, and of what was seen the newest and the best, by the
 * newer revision of the filter.
 * The observations are those of whoever has counted more.
 */
export function mergeSightings(stored: Opportunity, told: Opportunity): Opportunity {
  const newest = told.lastSeenAtMs >= stored.lastSeenAtMs ? told : stored;
  return {
    ...stored,
    filterRevision: Math.max(stored.filterRevision, told.filterRevision),
    lastSeenAtMs: newest.lastSeenAtMs,
    lastScore: newest.lastScore,
    latestResultId: newest.latestResultId,
    bestScore: Math.max(stored.bestScore, told.bestScore),
    observations: Math.max(stored.observations, told.observations),
  };
}
