import type { BusMessage } from './bus.ts';

/**
 * Counts up whenever the form of a message changes, or that of the rows of any stream. Processes of different versions do not understand each other's messages:
 * while both run, each reads the rows of the other from the database.
 */
export const BUS_FORMAT_VERSION = 1;

export type ReceivedMessage =
  | { readonly kind: 'message'; readonly message: BusMessage }
  /** Sent by this process itself. */
  | { readonly kind: 'own' }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason };

export const IGNORED_REASONS = ['malformed', 'other-version'] as const;
export type IgnoredReason = (typeof IGNORED_REASONS)[number];

export interface BusFormat {
  encode(message: BusMessage): string;
  decode(text: string): ReceivedMessage;
}

/** How messages look on their way between processes: `{"version":…,"from":…,"message":…}`. */
export function createBusFormat(processId: string): BusFormat {
  const ownBeginning = `${JSON.stringify({ version: BUS_FORMAT_VERSION, from: processId }).slice(0, -1)},`;
  return {
    encode: (message) => `${ownBeginning}"message":${JSON.stringify(message)}}`,
    decode(text) {
      // Its own messages come back to each publisher; parsing megabytes to find that out would be a waste.
      if (text.startsWith(ownBeginning)) return { kind: 'own' };
      let envelope: Partial<Record<'version' | 'from' | 'message', unknown>> | null;
      try {
        envelope = JSON.parse(text);
      } catch {
        return { kind: 'ignored', reason: 'malformed' };
      }
      if (!Number.isSafeInteger(envelope?.version)) return { kind: 'ignored', reason: 'malformed' };
      if (envelope!.version !== BUS_FORMAT_VERSION) return { kind: 'ignored', reason: 'other-version' };
      const message = envelope!.message as Partial<BusMessage> | null | undefined;
      if (!Number.isSafeInteger(message?.firstSequence) || !Array.isArray(message!.rows)) return { kind: 'ignored', reason: 'malformed' };
      return { kind: 'message', message: message as BusMessage };
    },
  };
}
