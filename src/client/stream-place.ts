import type { GraphQLResult } from './graphql-result.ts';

/** What an item of a subscription says of its place in a durable stream. */
export interface StreamPlace {
  /** Null when it has none, or was not asked for it. */
  readonly cursor: string | null;
  readonly missed: number;
  readonly missedSince: string | null;
}

const NOWHERE: StreamPlace = { cursor: null, missed: 0, missedSince: null };

/** Reads the one field a subscription has, whatever its alias. */
export function streamPlace(data: NonNullable<GraphQLResult['data']>): StreamPlace {
  const item = Object.values(data)[0];
  if (typeof item !== 'object' || item === null) return NOWHERE;
  const { cursor, missed, missedSince } = item as Record<string, unknown>;
  return {
    cursor: typeof cursor === 'string' ? cursor : null,
    missed: typeof missed === 'number' ? missed : 0,
    missedSince: typeof missedSince === 'string' ? missedSince : null,
  };
}
