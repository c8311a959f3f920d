/** What is kept for a time of its own: rows as they were stored, and their rollups by minute, hour and day; finest first. */
export const RETENTION_TIERS = ['RAW', 'MINUTE', 'HOUR', 'DAY'] as const;
export type RetentionTier = (typeof RETENTION_TIERS)[number];

/** For how many days each is kept. */
export type RetentionDays = Readonly<Record<RetentionTier, number>>;

/** The first tier that would go before a finer one, with that; null: none. History is only ever to lose detail, never to have holes in front of it. */
export function tierThatGoesTooEarly(days: RetentionDays): { readonly tier: RetentionTier; readonly finer: RetentionTier } | null {
  for (const [index, tier] of RETENTION_TIERS.entries()) {
    const finer = RETENTION_TIERS[index - 1];
    if (finer !== undefined && days[tier] < days[finer]) return { tier, finer };
  }
  return null;
}
