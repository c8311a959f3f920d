import { DomainError } from '../../domain/errors/domain-error.ts';

/** A client has taken nothing of its answer for too long. */
export class StalledReaderError extends DomainError {
  readonly code = 'STALLED_READER';

  constructor(stallMs: number) {
    super(`expected a client that goes on reading within ${stallMs} ms, got one that does not`);
  }
}
