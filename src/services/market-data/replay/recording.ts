import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import type { ChainFormat } from '../decode/chain-format.ts';
import type { FileIndex } from '../decode/file-index.ts';

/** One chain of a recording, not read yet. */
export interface RecordedMoment {
  readonly symbol: string;
  /** Epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  /** File to read it from. */
  readonly path: string;
  /** The file as messages call it: below the recording's folder. */
  readonly source: string;
  readonly format: ChainFormat;
  /** Contracts with a bid and an ask. */
  readonly quotedContracts: number;
}

/** What there is to play. */
export interface Recording {
  /** By symbol. */
  readonly underlyings: readonly UnderlyingProfile[];
  /** Of each symbol, in the order of time, no moment twice. */
  readonly moments: ReadonlyMap<string, readonly RecordedMoment[]>;
  /** Files with chains; those beside them that hold something else of a recording; those of no known format. */
  readonly files: number;
  readonly sideFiles: number;
  readonly unknownFiles: number;
}

/** A file of a recording and what is in it. */
export interface IndexedFile {
  readonly path: string;
  readonly source: string;
  readonly index: FileIndex;
}
