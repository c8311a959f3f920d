import type { Role } from './role.ts';

/** What is known of an API key. The key itself is told once, to whom made it. */
export interface ApiKey {
  /** UUIDv7; part of the key. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The subject it acts as: what it makes is owned by this name. */
  readonly owner: string;
  readonly roles: readonly Role[];
  /** Epoch milliseconds, UTC. */
  readonly createdAtMs: number;
  /** Subject of who made it. */
  readonly createdBy: string;
  /** Null: does not expire. */
  readonly expiresAtMs: number | null;
  /** Null: never, or within the last half minute for the first time. */
  readonly lastUsedAtMs: number | null;
  /** Null: it has not been revoked. */
  readonly revokedAtMs: number | null;
  /** Subject of who revoked it. */
  readonly revokedBy: string | null;
}

export const API_KEY_STATES = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const;
export type ApiKeyState = (typeof API_KEY_STATES)[number];

/** Revoked and expired: revoked. */
export function apiKeyState({ revokedAtMs, expiresAtMs }: Pick<ApiKey, 'revokedAtMs' | 'expiresAtMs'>, nowMs: number): ApiKeyState {
  if (revokedAtMs !== null) return 'REVOKED';
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'EXPIRED' : 'ACTIVE';
}
