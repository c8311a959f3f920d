import { Counter, type Registry } from 'prom-client';
import { AUTHENTICATION_FAILURES } from '../../domain/access/authentication-error.ts';

/** What was shown; OTHER: something that is neither a token nor a key. */
export const CREDENTIAL_KINDS = ['NONE', 'TOKEN', 'API_KEY', 'OTHER'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** FAILED: it could not be found out, because the database or the keys of the identity provider were away. */
export const AUTHENTICATION_OUTCOMES = ['ACCEPTED', ...AUTHENTICATION_FAILURES, 'FAILED'] as const;
export type AuthenticationOutcome = (typeof AUTHENTICATION_OUTCOMES)[number];

export interface AuthenticationMetrics {
  authenticated(credential: CredentialKind, outcome: AuthenticationOutcome): void;
}

const FOUND_OUT = ['ACCEPTED', 'MALFORMED', 'INVALID', 'EXPIRED', 'REVOKED', 'FAILED'] as const;
const POSSIBLE: Readonly<Record<CredentialKind, readonly AuthenticationOutcome[]>> = {
  NONE: ['ACCEPTED', 'MISSING'],
  TOKEN: FOUND_OUT,
  API_KEY: FOUND_OUT,
  OTHER: ['ACCEPTED', 'MALFORMED'],
};

export function createAuthenticationMetrics(registry: Registry): AuthenticationMetrics {
  const authentications = new Counter({
    name: 'strikewire_authentications_total',
    help: 'Callers that were to show who they are, by what they showed and what came of it.',
    labelNames: ['credential', 'outcome'],
    registers: [registry],
  });
  for (const credential of CREDENTIAL_KINDS) for (const outcome of POSSIBLE[credential]) authentications.inc({ credential, outcome }, 0);
  return {
    authenticated: (credential, outcome) => authentications.inc({ credential, outcome }),
  };
}
