import { DomainError } from '../../../domain/errors/domain-error.ts';

/** A message would have gone where this server must not send. */
export class BlockedAddressError extends DomainError {
  readonly code = 'ADDRESS_BLOCKED';
}
