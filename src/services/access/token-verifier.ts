import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import { ROLES } from '../../domain/access/role.ts';
import type { Viewer } from '../../domain/access/viewer.ts';

/** Longer subjects and ids are nobody's. */
const MAXIMUM_NAME_LENGTH = 256;
/** Before anything of it is decoded. */
const MAXIMUM_TOKEN_LENGTH = 8_192;

/** Whose signatures are accepted: exactly one kind, so that no token chooses how it is verified. */
export type TokenKeys =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'public-key'; readonly pem: string }
  | { readonly kind: 'key-set'; readonly url: string };

export interface TokenVerifierDeps {
  readonly keys: TokenKeys;
  /** Undefined: any. */
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly clockToleranceSeconds: number;
  /** The claim that lists the roles: an array or names separated by spaces. */
  readonly rolesClaim: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Reads JSON Web Tokens (RFC 7519). */
export interface TokenVerifier {
  /** @throws AuthenticationError when the token is not acceptable; any other error when the keys could not be fetched */
  verify(token: string): Promise<Viewer>;
}

/** @throws Error when the public key is not one */
export function createTokenVerifier(deps: TokenVerifierDeps): TokenVerifier {
  const { keys, issuer, audience, clockToleranceSeconds, rolesClaim, clock } = deps;
  const check = signatureCheck(keys);

  return {
    async verify(token) {
      if (token.length > MAXIMUM_TOKEN_LENGTH) {
        throw new AuthenticationError('MALFORMED', `expected a token of at most ${MAXIMUM_TOKEN_LENGTH} characters, got ${token.length}`);
      }
      const options: JWTVerifyOptions = {
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(clock()),
      };
      try {
        const { payload } = await check(token, options);
        return viewerOf(payload, rolesClaim);
      } catch (error) {
        throw asAuthenticationError(error);
      }
    },
  };
}

type SignatureCheck = (token: string, options: JWTVerifyOptions) => Promise<JWTVerifyResult>;

function signatureCheck(keys: TokenKeys): SignatureCheck {
  if (keys.kind === 'secret') {
    const secret = new TextEncoder().encode(keys.secret);
    return (token, options) => jwtVerify(token, secret, { ...options, algorithms: ['HS256'] });
  }
  if (keys.kind === 'public-key') {
    const key = createPublicKey(keys.pem);
    const algorithm = algorithmOf(key);
    return (token, options) => jwtVerify(token, key, { ...options, algorithms: [algorithm] });
  }
  // Cached for ten minutes; a key id that is not among those known fetches anew, at most every 30 s: so rotation needs no restart and forged ids no traffic.
  const keySet: JWTVerifyGetKey = createRemoteJWKSet(new URL(keys.url), {
    timeoutDuration: 5_000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
  });
  return (token, options) => jwtVerify(token, keySet, { ...options, algorithms: ['RS256', 'ES256', 'EdDSA'] });
}

function algorithmOf(key: KeyObject): string {
  const type = key.asymmetricKeyType;
  if (type === 'rsa') return 'RS256';
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new Error(
    `expected an RSA, P-256 or Ed25519 public key, got ${type ?? 'another kind'} ${key.asymmetricKeyDetails?.namedCurve ?? ''}`.trimEnd(),
  );
}

function viewerOf(payload: JWTPayload, rolesClaim: string): Viewer {
  const { sub, exp, iat, jti } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAXIMUM_NAME_LENGTH) {
    throw new AuthenticationError('INVALID', `expected a subject of 1 to ${MAXIMUM_NAME_LENGTH} characters in the token`);
  }
  if (jti !== undefined && (typeof jti !== 'string' || jti === '' || jti.length > MAXIMUM_NAME_LENGTH)) {
    throw new AuthenticationError('INVALID', `expected a token id of 1 to ${MAXIMUM_NAME_LENGTH} characters, or none`);
  }
  const claim = payload[rolesClaim];
  const named: unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(' ') : [];
  const roles = ROLES.filter((role) => named.includes(role));
  if (roles.length === 0) {
    throw new AuthenticationError(
      'INVALID',
      `expected at least one of the roles ${ROLES.join(', ')} in the claim ${rolesClaim} of the token, got none`,
    );
  }
  const issuedAtMs = iat === undefined ? null : iat * 1_000;
  return { kind: 'TOKEN', subject: sub, roles, expiresAtMs: exp! * 1_000, issuedAtMs, credentialId: jti ?? null };
}

/** Key sets that cannot be fetched are our trouble, not the caller's: those errors stay what they are. */
function asAuthenticationError(error: unknown): unknown {
  if (error instanceof errors.JWTExpired)
    return new AuthenticationError('EXPIRED', 'expected a token that has not expired', { cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new AuthenticationError('INVALID', `expected another ${error.claim} in the token (${error.reason})`, { cause: error });
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new AuthenticationError('MALFORMED', 'expected a signed JSON Web Token', { cause: error });
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return new AuthenticationError('INVALID', 'expected a token that this server trusts', { cause: error });
  }
  return error;
}
