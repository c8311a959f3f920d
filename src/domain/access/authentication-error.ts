import { DomainError } from '../errors/domain-error.ts';

export const AUTHENTICATION_FAILURES = ['MISSING', 'MALFORMED', 'INVALID', 'EXPIRED', 'REVOKED'] as const;
export type AuthenticationFailure = (typeof AUTHENTICATION_FAILURES)[number];

/** The caller has not shown who it is. The message never repeats what it showed. */
export class AuthenticationError extends DomainError {
  readonly code = 'UNAUTHENTICATED';
  readonly failure: AuthenticationFailure;

  constructor(failure: AuthenticationFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
