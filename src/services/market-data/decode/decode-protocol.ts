import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { ChainFormat, ChainSelection } from './chain-format.ts';
import type { FileIndex } from './file-index.ts';

/** What the main thread asks the decode thread. Files may be gzipped. */
export type DecodeRequest =
  | {
      readonly kind: 'decode';
      readonly format: ChainFormat | 'auto';
      readonly bytes: Uint8Array;
      readonly source: string;
      readonly only: ChainSelection | undefined;
    }
  | { readonly kind: 'index'; readonly bytes: Uint8Array; readonly source: string };

/** Asks the thread to end once it has answered what came before. It must end by itself: see end-decode-thread.ts. */
export const CLOSE_THREAD = 'close';

/**
 * Exactly one for each request, in their order. Error classes do not survive the way between threads: `isMalformed` stands for
 * FeedMalformedError.
 */
export type DecodeReply =
  | { readonly kind: 'decoded'; readonly chains: ChainSnapshot[] }
  | { readonly kind: 'indexed'; readonly index: FileIndex }
  | { readonly kind: 'failed'; readonly isMalformed: boolean; readonly message: string; readonly stack: string | undefined };
