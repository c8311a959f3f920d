/** Mints a token for development: `npm run token -- --role TRADER --subject trader-1 [--hours 12]`, signed with AUTH_JWT_SECRET. Prints it and nothing else. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import { ROLES } from '../src/domain/access/role.ts';

const USAGE = `usage: AUTH_JWT_SECRET=… npm run --silent token -- --role ${ROLES.join('|')} --subject NAME [--hours 12]`;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments(): { roles: string[]; subject: string; hours: number } {
  try {
    const { values } = parseArgs({
      options: { role: { type: 'string', multiple: true }, subject: { type: 'string' }, hours: { type: 'string', default: '12' } },
    });
    return { roles: values.role ?? [], subject: values.subject ?? '', hours: Number(values.hours) };
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { roles, subject, hours } = readArguments();
const secret = process.env.AUTH_JWT_SECRET ?? '';
if (secret.length < 32) fail('expected AUTH_JWT_SECRET with at least 32 characters, the same as the server has');
if (roles.length === 0 || roles.some((role) => !(ROLES as readonly string[]).includes(role)))
  fail(`expected roles among ${ROLES.join(', ')}, got ${roles.join(', ') || 'none'}`);
if (subject === '') fail('expected a subject, got none');
if (!(hours > 0 && hours <= 24 * 365)) fail('expected hours above 0 and at most a year');

const token = new SignJWT({ roles })
  .setProtectedHeader({ alg: 'HS256' })
  .setSubject(subject)
  .setJti(randomUUID())
  .setIssuedAt()
  .setExpirationTime(Math.floor(Date.now() / 1_000 + hours * 3_600));
if (process.env.AUTH_ISSUER) token.setIssuer(process.env.AUTH_ISSUER);
if (process.env.AUTH_AUDIENCE) token.setAudience(process.env.AUTH_AUDIENCE);
console.log(await token.sign(new TextEncoder().encode(secret)));
