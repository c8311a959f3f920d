import { DomainError } from '../../../domain/errors/domain-error.ts';

/** Sealed secrets cannot be opened with the keys this process has. */
export class SecretsUnreadableError extends DomainError {
  readonly code = 'SECRETS_UNREADABLE';
}
