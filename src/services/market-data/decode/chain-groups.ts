import { type ChainBuilder, createChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot, RecordDropReason } from '../../../domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import { FeedMalformedError } from '../feed-errors.ts';
import type { ChainSelection } from './chain-format.ts';
import { createFieldInterner, type FieldInterner } from './field-interner.ts';

/** A chain in the making, with its expirations by the bytes that name them in the file. */
export interface ChainGroup {
  readonly symbol: string;
  readonly builder: ChainBuilder;
  readonly expirationAt: FieldInterner<number>;
}

/** Sorts the lines of a file into chains, one per underlying and moment. */
export interface ChainGroups {
  /** The chain a line belongs to; null when it is not the one that was asked for. */
  at(symbol: string, quotedAtMs: number): ChainGroup | null;
  /** Counts a line whose chain cannot be told: to the chain of the line before, or else to the first one. */
  dropStray(reason: RecordDropReason, line: number, detail: string): void;
  /** In the order of time, then by symbol. Throws FeedMalformedError when there are strays only. */
  build(): ChainSnapshot[];
}

export interface ChainGroupsOptions {
  readonly bytes: Uint8Array;
  readonly source: string;
  readonly only: ChainSelection | undefined;
  /** Number of an expiration of the chain from the text that names it (ChainBuilder.expiration). */
  readonly readExpiration: (builder: ChainBuilder, text: string, symbol: string) => number;
  readonly profile: (symbol: string) => UnderlyingProfile;
  readonly originalCurrency?: (symbol: string) => string;
}

export function createChainGroups({ bytes, source, only, readExpiration, profile, originalCurrency }: ChainGroupsOptions): ChainGroups {
  const groups = new Map<string, ChainGroup | null>();
  const strays: [RecordDropReason, number, string][] = [];
  let lastSymbol = '';
  let lastQuotedAtMs = Number.NaN;
  let lastGroup: ChainGroup | null = null;
  let lastOpen: ChainGroup | null = null;

  function open(symbol: string, quotedAtMs: number): ChainGroup | null {
    if (only && (only.symbol !== symbol || only.quotedAtMs !== quotedAtMs)) return null;
    const builder = createChainBuilder({
      underlying: profile(symbol),
      quotedAtMs,
      underlyingPrice: Number.NaN,
      source,
      positionUnit: 'line',
      // A line of these formats has about 100 bytes.
      expectedRows: Math.min(32_768, bytes.length >> 6),
      ...(originalCurrency && { originalCurrency: originalCurrency(symbol) }),
    });
    for (const stray of strays.splice(0)) builder.drop(...stray);
    return { symbol, builder, expirationAt: createFieldInterner(bytes, (text) => readExpiration(builder, text, symbol)) };
  }

  function at(symbol: string, quotedAtMs: number): ChainGroup | null {
    if (symbol === lastSymbol && quotedAtMs === lastQuotedAtMs) return lastGroup;
    const key = `${symbol} ${quotedAtMs}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = open(symbol, quotedAtMs);
      groups.set(key, group);
    }
    lastSymbol = symbol;
    lastQuotedAtMs = quotedAtMs;
    lastGroup = group;
    lastOpen = group ?? lastOpen;
    return group;
  }

  return {
    at,
    dropStray(reason, line, detail) {
      if (lastOpen) lastOpen.builder.drop(reason, line, detail);
      else strays.push([reason, line, detail]);
    },
    build() {
      const [stray] = strays;
      if (stray) throw new FeedMalformedError(`${source}, line ${stray[1]}, ${stray[2]}`);
      const chains = [...groups.values()].filter((group) => group !== null).map(({ builder }) => builder.build());
      return chains.sort((a, b) => a.quotedAtMs - b.quotedAtMs || (a.underlying.symbol < b.underlying.symbol ? -1 : 1));
    },
  };
}
