import { expect, it } from 'vitest';
import { renderStartLines, type StartFacts } from '../../../../src/server/terminal/render-start-lines.ts';

function someFacts(overrides: Partial<StartFacts> = {}): StartFacts {
  return {
    version: '1.2.3',
    url: 'http://127.0.0.1:4000/graphql',
    graphiql: true,
    database: { kind: 'embedded', product: 'PostgreSQL 18.4', directory: '/srv/.strikewire' },
    bus: { kind: 'in-process' },
    authenticates: false,
    feedDescription: 'simulated market, seed 1, 24 underlyings',
    configFile: undefined,
    ...overrides,
  };
}

it('tells where GraphiQL is and which database, bus and feed are used', () => {
  expect(renderStartLines(someFacts())).toEqual([
    'Strikewire 1.2.3',
    '  GraphiQL  http://127.0.0.1:4000/graphql',
    '  Database  embedded PostgreSQL 18.4 in /srv/.strikewire',
    '  Bus       in this process',
    '  Access    everybody on this machine is an administrator',
    '  Feed      simulated market, seed 1, 24 underlyings',
  ]);
});

it('names the hosts of external services and the file of the settings', () => {
  const lines = renderStartLines(
    someFacts({
      database: { kind: 'external', product: 'PostgreSQL 17.2, TimescaleDB 2.19.3', host: 'db:5432' },
      bus: { kind: 'redis', host: 'redis:6379' },
      authenticates: true,
      configFile: '/etc/strikewire.yaml',
      graphiql: false,
    }),
  );
  expect(lines).toEqual([
    'Strikewire 1.2.3',
    '  GraphQL   http://127.0.0.1:4000/graphql',
    '  Database  PostgreSQL 17.2, TimescaleDB 2.19.3 at db:5432',
    '  Bus       Redis at redis:6379',
    '  Access    with a token',
    '  Feed      simulated market, seed 1, 24 underlyings',
    '  Settings  /etc/strikewire.yaml',
  ]);
});

it('calls a database without a host by its socket', () => {
  expect(renderStartLines(someFacts({ database: { kind: 'external', product: 'PostgreSQL 17.2', host: '' } }))[2]).toBe(
    '  Database  PostgreSQL 17.2 at a local socket',
  );
});

it('shows no control characters of file names', () => {
  expect(renderStartLines(someFacts({ feedDescription: 'replay of a\u001b[2J\nb' })).at(-1)).toBe(
    '  Feed      replay of a\ufffd[2J\ufffdb',
  );
});
