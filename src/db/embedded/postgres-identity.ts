/**
 * As whom PostgreSQL runs. It refuses to run as root, so root has to hand it to somebody else; everybody else runs it as themselves.
 * `uid` and `gid` are what the files of the data directory must belong to.
 */
export interface PostgresIdentity {
  /**
   * - `self`: as the user of this process.
   * - `user`: as another user, by setuid.
   * - `namespace`: as ourselves, but seen as nobody inside a user namespace; reaches what this user owns, also under a 0700 home.
   * - `capability`: as another user who may pass every directory; for containers that allow no user namespaces.
   */
  readonly kind: 'self' | 'user' | 'namespace' | 'capability';
  readonly uid: number;
  readonly gid: number;
}

/** The user and group without rights that every Unix has. */
export const NOBODY = 65_534;

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface IdentityFacts {
  /** The effective user of this process. */
  readonly user: Owner;
  /** Owner of the data directory; null when there is none yet. */
  readonly dataOwner: Owner | null;
  /** Owner of the nearest folder above it that exists. */
  readonly parentOwner: Owner;
  /** Whether the machine has a name for a user: initdb asks for it. */
  readonly hasName: (uid: number) => boolean;
}

/** Those to try, best first: the first under whom the binaries start, with the right to pass every directory as the last resort. */
export function candidateIdentities({ user, dataOwner, parentOwner, hasName }: IdentityFacts): readonly PostgresIdentity[] {
  const self: PostgresIdentity = { kind: 'self', ...user };
  const namespace: PostgresIdentity = { kind: 'namespace', ...user };
  if (user.uid !== 0) return hasName(user.uid) ? [self] : [namespace, self];
  const candidates: PostgresIdentity[] = [];
  // Data stays with its owner. New data goes to the owner of the place, who may start the server without root another day.
  if (dataOwner && dataOwner.uid !== 0) candidates.push({ kind: 'user', ...dataOwner });
  else if (parentOwner.uid !== 0 && hasName(parentOwner.uid)) candidates.push({ kind: 'user', ...parentOwner });
  candidates.push({ kind: 'user', uid: NOBODY, gid: NOBODY }, namespace, { kind: 'capability', uid: NOBODY, gid: NOBODY });
  return candidates;
}
