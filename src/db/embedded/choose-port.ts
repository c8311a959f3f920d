import { createServer } from 'node:net';

/** Below the ports that Linux (from 32,768), macOS and Windows (from 49,152) hand to outgoing connections, which would take a kept port by chance. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
const ATTEMPTS = 20;

export interface PortDeps {
  readonly host: string;
  /** Taken when it is free. */
  readonly preferred: number | null;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A port nobody listens on at this moment. */
export async function choosePort({ host, preferred, random }: PortDeps): Promise<number> {
  if (preferred !== null && (await tryListen(host, preferred))) return preferred;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + Math.floor(random() * (LAST_PORT - FIRST_PORT + 1));
    if (await tryListen(host, port)) return port;
  }
  return (await tryListen(host, 0))!;
}

/** The port, or null when it cannot be had. */
function tryListen(host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (port === 0 ? reject(error) : resolve(null)));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
