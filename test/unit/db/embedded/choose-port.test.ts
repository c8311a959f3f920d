import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort } from '../../../../src/db/embedded/choose-port.ts';

const host = '127.0.0.1';
const strangers: Server[] = [];

afterEach(() => {
  for (const stranger of strangers.splice(0)) stranger.close();
});

async function occupy(port = 0): Promise<number> {
  const server = createServer().listen(port, host);
  strangers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('the port', () => {
  it('is the preferred one when it is free', async () => {
    const preferred = await choosePort({ host, preferred: null, random: Math.random });
    expect(await choosePort({ host, preferred, random: Math.random })).toBe(preferred);
  });

  it('is another one when the preferred one is taken, outside of the ports of outgoing connections', async () => {
    const preferred = await occupy();
    const port = await choosePort({ host, preferred, random: Math.random });
    expect(port).not.toBe(preferred);
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThanOrEqual(32_767);
  });

  it('is any free one when none of the range can be had', async () => {
    const taken = await choosePort({ host, preferred: null, random: Math.random });
    await occupy(taken);
    const alwaysThat = (taken - 20_000 + 0.5) / (32_768 - 20_000);
    const port = await choosePort({ host, preferred: null, random: () => alwaysThat });
    expect(port).not.toBe(taken);
    expect(port).toBeGreaterThan(0);
  });
});
