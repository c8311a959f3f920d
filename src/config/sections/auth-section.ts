import { z } from 'zod';
import { optionalSetting, setting } from '../setting.ts';
import { text } from '../values/text.ts';
import { url } from '../values/url.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const authSection = z.strictObject({
  jwtSecret: optionalSetting(text('a secret of at least 32 characters'), {
    environment: 'AUTH_JWT_SECRET',
    description: 'Shared secret of tokens signed with HS256, at least 32 characters. One of the three ways to configure authentication.',
    secret: true,
    example: 'at least thirty-two random characters',
  }),
  jwtPublicKey: optionalSetting(text('a public key in PEM form'), {
    environment: 'AUTH_JWT_PUBLIC_KEY',
    description: 'Public key (PEM) of tokens signed with RS256, ES256 or EdDSA.',
    example: 'MCowBQYDK2VwAyEA…',
  }),
  jwksUrl: optionalSetting(url(['https', 'http']), {
    environment: 'AUTH_JWKS_URL',
    description: 'Address of the key set of an identity provider. Keys are cached and fetched anew when they rotate.',
    example: 'https://login.example.com/.well-known/jwks.json',
  }),
  issuer: optionalSetting(text('an issuer'), {
    environment: 'AUTH_ISSUER',
    description: 'Issuer (`iss`) that tokens must have. Without it any.',
    example: 'https://login.example.com/',
  }),
  audience: optionalSetting(text('an audience'), {
    environment: 'AUTH_AUDIENCE',
    description: 'Audience (`aud`) that tokens must name. Without it any.',
    example: 'strikewire',
  }),
  rolesClaim: setting(text('the name of a claim'), {
    environment: 'AUTH_ROLES_CLAIM',
    description: 'Claim that lists the roles of a token, as an array or separated by spaces.',
    default: 'roles',
  }),
  clockToleranceSeconds: setting(wholeNumber(0, 300), {
    environment: 'AUTH_CLOCK_TOLERANCE_SECONDS',
    description: 'How far the clocks of those who sign tokens may be off.',
    unit: 'seconds',
    default: 5,
  }),
  expiryWarningSeconds: setting(wholeNumber(1, 3_600), {
    environment: 'AUTH_EXPIRY_WARNING_SECONDS',
    description: 'How long before its token expires a client is warned on its open connection, so that it can show another one.',
    unit: 'seconds',
    default: 60,
  }),
});
