import type { ScanResultDraft } from './scan-result.ts';

/** What criteria and people look at, whoever proposes it: a candidate of a chain, or a stored result, which is one. */
export type Position = Pick<ScanResultDraft, 'symbol' | 'strategy' | 'legs' | 'legsKey' | 'expiration' | 'quotedAtMs' | 'metrics'>;
