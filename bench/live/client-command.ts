import type { LiveOperation } from './live-operation.ts';

/** What the process of the clients is told to do. */
export type ClientCommand =
  | {
      readonly kind: 'connect';
      /** Name of the server the subscribers belong to. */
      readonly target: string;
      readonly port: number;
      /** One for all, or one for each subscriber. */
      readonly operations: readonly LiveOperation[];
      readonly subscribers: number;
      /** Source addresses, used in turn. */
      readonly localAddresses: readonly string[];
      /** Servers that send an item at once are waited for until everybody has it. */
      readonly hasFirstItem: boolean;
    }
  | {
      readonly kind: 'round';
      readonly target: string;
      /** Results each operation is to be sent, by id, in order. */
      readonly expected: readonly (readonly string[])[];
      /** Messages all subscribers together are to get before the next batches are published. */
      readonly messagesPerStep: readonly number[];
      /** Every so many sockets one notes the times of arrival; the others are read now and then. 0: none notes times, all are read at once. */
      readonly sampleEvery: number;
    }
  | { readonly kind: 'closed' };

export type ClientAnswer =
  | { readonly kind: 'connected'; readonly target: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'closed'; readonly closed: number }
  | { readonly kind: 'step'; readonly left: number }
  | ({ readonly kind: 'round' } & RoundOutcome);

export interface RoundOutcome {
  readonly messages: number;
  /** Of the messages the first subscriber got: the same digest means the same bytes. */
  readonly digest: string;
  /** Where the clients got something else than they should have; empty: nowhere. */
  readonly violations: readonly string[];
  /** For each sampled socket: when each message came, monotonic milliseconds. */
  readonly arrivedAtMs: readonly (readonly number[])[];
}
