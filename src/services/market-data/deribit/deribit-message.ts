import type { RawData } from 'ws';

/** What Deribit sends over a socket, as far as the feed reads it. */
export type DeribitMessage =
  | { readonly kind: 'notification'; readonly channel: string; readonly data: unknown }
  | { readonly kind: 'test-request' }
  | { readonly kind: 'answer'; readonly id: unknown; readonly result: unknown }
  | { readonly kind: 'error'; readonly code: unknown; readonly message: unknown }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable' };

/** Reads a text frame: JSON-RPC 2.0 with notifications (method subscription) and heartbeats (method heartbeat). */
export function readDeribitMessage(frame: RawData): DeribitMessage {
  const message = parse(frame);
  if (typeof message !== 'object' || message === null) return { kind: 'unreadable' };
  const { method, params, error, id, result } = message as Record<string, unknown>;
  const details = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>;
  if (method === 'subscription') {
    return typeof details.channel === 'string'
      ? { kind: 'notification', channel: details.channel, data: details.data }
      : { kind: 'unreadable' };
  }
  if (method === 'heartbeat') return details.type === 'test_request' ? { kind: 'test-request' } : { kind: 'other' };
  if (typeof error === 'object' && error !== null) {
    const { code, message: text } = error as Record<string, unknown>;
    return { kind: 'error', code, message: text };
  }
  return id === undefined ? { kind: 'other' } : { kind: 'answer', id, result };
}

function parse(frame: RawData): unknown {
  try {
    // The default binaryType hands a frame over as one Buffer.
    return JSON.parse((frame as Buffer).toString());
  } catch {
    return undefined;
  }
}
