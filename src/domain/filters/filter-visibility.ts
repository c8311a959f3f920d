/** SHARED: whoever may read filters sees it and what it finds. PRIVATE: only its owner and administrators do. */
export const FILTER_VISIBILITIES = ['SHARED', 'PRIVATE'] as const;
export type FilterVisibility = (typeof FILTER_VISIBILITIES)[number];
