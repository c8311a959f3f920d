import { describe, expect, it } from 'vitest';
import { configOf, issuesOf } from './load.ts';

describe('environment variables', () => {
  it.each([
    ['FEED_SPED', 'FEED_SPEED'],
    ['SCANNER_CONCURENCY', 'SCANNER_CONCURRENCY'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['STRIKEWIRE_CONFG', 'STRIKEWIRE_CONFIG'],
    ['FEED_DERIBIT_RESTURL', 'FEED_DERIBIT_REST_URL'],
  ])('%s is refused and %s suggested', (unknown, nearest) => {
    expect(issuesOf({ env: { [unknown]: 'x' } })).toEqual([`environment: unknown variable ${unknown}, the nearest known is ${nearest}`]);
  });

  it('of other software are left alone', () => {
    const env = {
      HTTP_PROXY: 'http://proxy',
      DATABASE_NAME: 'x',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      PATH: '/bin',
      LOGNAME: 'me',
      FEEDBACK: '1',
      GRAPHQL_URL: 'x',
    };
    expect(configOf({ env })).toEqual(configOf());
  });

  it('that Kubernetes sets for a Service named like us are left alone', () => {
    const env = {
      STRIKEWIRE_SERVICE_HOST: '10.0.0.1',
      STRIKEWIRE_SERVICE_PORT: '4000',
      STRIKEWIRE_SERVICE_PORT_HTTP: '4000',
      STRIKEWIRE_PORT: 'tcp://10.0.0.1:4000',
      STRIKEWIRE_PORT_4000_TCP: 'tcp://10.0.0.1:4000',
      STRIKEWIRE_PORT_4000_TCP_PROTO: 'tcp',
      STRIKEWIRE_PORT_4000_TCP_PORT: '4000',
      STRIKEWIRE_PORT_4000_TCP_ADDR: '10.0.0.1',
      LOG_COLLECTOR_SERVICE_HOST: '10.0.0.2',
    };
    expect(configOf({ env })).toEqual(configOf());
  });
});
