import { DomainError } from './domain-error.ts';

/** Somebody else changed the thing first, or its name is taken. */
export class ConflictError extends DomainError {
  readonly code = 'CONFLICT';
  /** The revision that is in force now; undefined when the conflict is not about a revision. */
  readonly currentRevision: number | undefined;

  constructor(message: string, currentRevision?: number) {
    super(message);
    this.currentRevision = currentRevision;
  }
}
