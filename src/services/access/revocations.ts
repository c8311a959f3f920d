import type { Viewer } from '../../domain/access/viewer.ts';

/** Something that no longer counts, or a connection that is to end. Of the ids one is set. */
export interface Revoked {
  /** A token (`jti`) or an API key. */
  readonly credentialId: string | null;
  /** All tokens of this subject that were issued until now. */
  readonly subject: string | null;
  /** A connection, whoever has it. */
  readonly connectionId: string | null;
  /** In the words of who did it; null when none was given. */
  readonly reason: string | null;
}

/** What has been revoked before it expired, in whichever process. */
export interface Revocations {
  /** From memory: as often as one likes. @throws AuthenticationError REVOKED */
  check(viewer: Viewer): void;
  /**
   * For what lives on after it was authenticated. Called in every process within STREAM_POLL_INTERVAL_MS, and at once in the one where it was done. Of a credential or
   * a subject it says whom to look at: `check` of the viewer tells whether it is meant (a token issued afterwards is not).
   * The listener must not throw. Returns the end of following.
   */
  follow(listener: (revoked: Revoked) => void): () => void;
}
