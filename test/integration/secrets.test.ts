import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createLogger } from '../../src/server/logging/logger.ts';
import { httpRequest } from '../support/http-request.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Whatever goes wrong with a secret: it stands in no log line, at the finest level, and in no answer. */

/** In every secret below, so that none can be told in part either. */
const MARK = 'Zq9Zq9';
const SECRET = `the ${MARK} secret of the server, long enough`;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const STATUS = 'subscription { scanner { state } }';

let database: TestDatabase;
const lines: string[] = [];
let app: TestApp;
/** Its keys cannot be fetched, at an address with a password and a key in it. */
let keyless: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLogger({
    level: 'trace',
    format: 'json',
    output: { write: (line) => void lines.push(line) },
    isTerminal: false,
    color: false,
    now: Date.now,
  });
  app = await startTestApp({ databaseUrl: database.url, env: { AUTH_JWT_SECRET: SECRET }, log });
  keyless = await startTestApp({
    databaseUrl: database.url,
    env: { AUTH_JWKS_URL: `http://user:${MARK}@127.0.0.1:9/keys?key=${MARK}` },
    log,
  });
});

afterAll(async () => {
  const clean = (await Promise.all([app.stop(), keyless.stop()])).every(Boolean);
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

function jwt({ secret = SECRET, expiresInSeconds = 60, roles = ['ADMIN'] as unknown, subject = `me-${MARK}` } = {}): Promise<string> {
  return new SignJWT({ roles, note: MARK })
    .setProtectedHeader({ alg: 'HS256', kid: MARK })
    .setSubject(subject)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds)
    .sign(new TextEncoder().encode(secret));
}

/** Where a text holds something, for the message of a failure; null: nowhere. */
function around(part: string, text: string): string | null {
  const at = text.indexOf(part);
  return at === -1 ? null : text.slice(Math.max(0, at - 200), at + 200);
}

/** What a JSON Web Token holds in base64 does not show the mark: its own parts are looked for. */
function partsOf(authorization: string): string[] {
  return [MARK, ...authorization.split(/[ .]/).filter((part) => part.length >= 20)];
}

const credentials: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['a token of another server', async () => `Bearer ${await jwt({ secret: `another ${MARK} secret that is long enough` })}`],
  ['an expired token', async () => `Bearer ${await jwt({ expiresInSeconds: -60 })}`],
  ['a token without roles', async () => `Bearer ${await jwt({ roles: [MARK] })}`],
  ['a token of nobody', async () => `Bearer ${await jwt({ subject: '' })}`],
  ['a token that is cut', async () => `Bearer ${(await jwt()).slice(0, -20)}`],
  [
    'a token without a signature',
    () => `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"sub":"${MARK}"}`).toString('base64url')}.`,
  ],
  ['a key nobody has', () => `Bearer swk_${MARK}${'A'.repeat(58)}`],
  ['a key that is cut', () => `Bearer swk_${MARK}`],
  ['a name and a password', () => `Basic ${Buffer.from(`user:${MARK}-and-some-more-letters`).toString('base64')}`],
  ['a bare secret', () => SECRET],
  ['a token far too long', () => `Bearer ${MARK.repeat(1_500)}`],
  ['a token that is none', () => `Bearer ${MARK}`],
];

interface Place {
  readonly name: string;
  /** Everything the server answers. */
  show(to: TestApp, authorization: string): Promise<string>;
}

const json = { 'content-type': 'application/json' };
const bare = (authorization: string) => authorization.replace(/^\w+ (?=\S)/, '');

async function answerTo(url: string, options: Parameters<typeof httpRequest>[1]): Promise<string> {
  const { status, headers, body } = await httpRequest(url, options);
  expect(status === 200 && !body.toString().includes('"errors"')).toBe(false);
  return JSON.stringify(headers) + body.toString();
}

const places: readonly Place[] = [
  {
    name: 'in a header',
    show: ({ origin }, authorization) =>
      answerTo(`${origin}/graphql`, { method: 'POST', headers: { ...json, authorization }, body: '{"query":"{ viewer { subject } }"}' }),
  },
  {
    name: 'in a header for an event stream',
    show: ({ origin }, authorization) =>
      answerTo(`${origin}/graphql`, {
        method: 'POST',
        headers: { ...json, accept: 'text/event-stream', authorization },
        body: JSON.stringify({ query: STATUS }),
      }),
  },
  {
    name: 'in headers of other kinds',
    show: ({ origin }, authorization) =>
      answerTo(`${origin}/graphql`, {
        method: 'POST',
        headers: {
          ...json,
          'x-api-key': bare(authorization),
          cookie: `session=${bare(authorization)}`,
          'x-graphql-event-stream-token': bare(authorization),
        },
        body: '{"query":"{ viewer { subject } }"}',
      }),
  },
  {
    name: 'when asking for an event stream of many operations',
    show: ({ origin }, authorization) => answerTo(`${origin}/graphql`, { method: 'PUT', headers: { authorization } }),
  },
  {
    name: 'in the address',
    show: async ({ origin }, authorization) => {
      const answers = ['token', 'access_token', 'authorization'].map((name) =>
        answerTo(`${origin}/graphql?${new URLSearchParams({ query: STATUS, [name]: bare(authorization) }).toString()}`, {
          headers: { accept: 'text/event-stream' },
        }),
      );
      return (await Promise.all(answers)).join('\n');
    },
  },
  {
    name: 'in the path',
    show: ({ origin }, authorization) => answerTo(`${origin}/graphql/swe_${encodeURIComponent(bare(authorization))}`, {}),
  },
  {
    name: 'in an operation that is wrong',
    show: async ({ origin }, authorization) => {
      const token = `swk_${bare(authorization).replaceAll(/[^\w]/g, '_')}`;
      const texts = [
        `{"query": ${token}`,
        JSON.stringify({ query: `{ ${token} }` }),
        JSON.stringify({ query: `query (${token}` }),
        JSON.stringify({ query: 'query ($first: Int) { scanRuns(first: $first) { edges { cursor } } }', variables: { first: token } }),
        JSON.stringify({ query: '{ viewer { subject } }', operationName: token }),
        JSON.stringify({ query: '{ viewer { subject } }', extensions: { token } }),
      ];
      const headers = { ...json, authorization: `Bearer ${await jwt({ subject: 'me', roles: ['ADMIN'] })}` };
      const answers = texts.map((body) => httpRequest(`${origin}/graphql`, { method: 'POST', headers, body }));
      return (await Promise.all(answers)).map(({ body }) => body.toString()).join('\n');
    },
  },
  {
    name: 'in the parameters of a WebSocket connection',
    show: async ({ webSocketUrl }, authorization) => {
      const client = createClient({
        url: webSocketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization, token: authorization },
      });
      try {
        await client.iterate({ query: '{ viewer { subject } }' }).next();
        throw new Error('expected a refusal');
      } catch (error) {
        const { code, reason } = error as { code?: number; reason?: string };
        expect(code).toBeGreaterThanOrEqual(1_000);
        return `${code} ${reason}`;
      } finally {
        await client.dispose();
      }
    },
  },
  {
    name: 'where no HTTP is',
    show: async ({ address }, authorization) => {
      const socket = connect(address.port, '127.0.0.1');
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString();
      });
      socket.on('error', () => {});
      socket.end(`POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nBro ken\r\n\r\n`);
      await once(socket, 'close');
      expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
      return received;
    },
  },
];

describe('a credential that is not accepted', () => {
  it.each(places.flatMap((place) => credentials.map(([kind, make]) => [place.name, kind, place, make] as const)))(
    '%s, %s, is told nobody',
    async (_place, _kind, place, make) => {
      const authorization = await make();
      const from = lines.length;
      const answer = await place.show(app, authorization);
      const logged = lines.slice(from).join('');
      for (const part of partsOf(authorization)) expect(around(part, logged + answer)).toBeNull();
    },
  );

  it('is told nobody when it cannot be checked for now, nor where the keys are', async () => {
    const from = lines.length;
    const { privateKey } = await generateKeyPair('ES256');
    const signed = new SignJWT({ roles: [MARK] }).setProtectedHeader({ alg: 'ES256', kid: MARK }).setSubject(MARK).setExpirationTime('1m');
    const authorization = `Bearer ${await signed.sign(privateKey)}`;
    const answers = await Promise.all(
      places.filter(({ name }) => /header|parameters|asking/.test(name)).map(({ show }) => show(keyless, authorization)),
    );
    const told = lines.slice(from).join('') + answers.join('');
    expect(told).toContain('Unexpected error');
    for (const part of partsOf(authorization)) expect(around(part, told)).toBeNull();
  });
});

it('everything was logged that is logged at all', () => {
  expect(lines.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(50);
  expect(lines.filter((line) => line.includes(MARK))).toEqual([]);
});

describe('the program', () => {
  async function run(argumentList: readonly string[], env: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...argumentList], {
      env: { PATH: process.env.PATH, DATA_DIR: '/nonexistent/data', ...env },
      cwd: '/',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child, 'close');
    return output;
  }

  const tsx = fileURLToPath(import.meta.resolve('tsx'));

  it.each<[string, readonly string[], Record<string, string>]>([
    ['asked for help', ['--help'], { AUTH_JWT_SECRET: SECRET, DATABASE_URL: `postgres://u:${MARK}@h/d`, REDIS_URL: `redis://:${MARK}@h` }],
    ['given a secret that is too short', [], { AUTH_JWT_SECRET: MARK }],
    [
      'given secrets twice',
      [],
      { AUTH_JWT_SECRET: SECRET, AUTH_JWT_PUBLIC_KEY: `-----BEGIN ${MARK}`, AUTH_JWKS_URL: `https://u:${MARK}@h/` },
    ],
    ['given a public key that is none', [], { AUTH_JWT_PUBLIC_KEY: `-----BEGIN PUBLIC KEY-----\n${MARK}\n-----END PUBLIC KEY-----` }],
    [
      'given secrets where they do not belong',
      [`--port=${MARK}`],
      { HOST: `${MARK} x`, TRUSTED_PROXIES: MARK, CORS_ORIGINS: `https://u:${MARK}@h`, AUTH_JWT_SECRT: MARK },
    ],
    [
      'whose database is not there',
      [],
      { DATABASE_URL: `postgres://user:${MARK}@127.0.0.1:9/db?sslkey=${MARK}`, DATABASE_CONNECT_TIMEOUT_MS: '100', LOG_LEVEL: 'trace' },
    ],
  ])('%s tells no secret', async (_what, argumentList, env) => {
    const output = await run(argumentList, { NODE_OPTIONS: `--import ${tsx}`, ...env });
    expect(output.length).toBeGreaterThan(20);
    expect(around(MARK, output)).toBeNull();
  });
});
