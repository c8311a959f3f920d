import type { Role } from './role.ts';

/** How a caller has shown who it is. LOCAL: not at all, because only this machine can reach the server and nothing else is configured. */
export const VIEWER_KINDS = ['LOCAL', 'TOKEN', 'API_KEY'] as const;
export type ViewerKind = (typeof VIEWER_KINDS)[number];

/** Who calls. */
export interface Viewer {
  readonly kind: ViewerKind;
  /** Names a person or a service; what it owns is owned by this name. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** Epoch milliseconds; null: does not expire by itself. */
  readonly expiresAtMs: number | null;
  /** Epoch milliseconds; null: its credential does not say. */
  readonly issuedAtMs: number | null;
  /** Id of the token (`jti`) or of the key, by which it can be revoked; null when it has none. */
  readonly credentialId: string | null;
}

/** Who calls while no authentication is configured. */
export const LOCAL_ADMIN: Viewer = {
  kind: 'LOCAL',
  subject: 'local',
  roles: ['ADMIN'],
  expiresAtMs: null,
  issuedAtMs: null,
  credentialId: null,
};
