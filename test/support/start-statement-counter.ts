import { connect, createServer, type Socket } from 'node:net';

export interface StatementCounter {
  readonly port: number;
  /** Statements executed since the last call, in order: the SQL of each. */
  take(): readonly string[];
  close(): void;
}

/** PostgreSQL protocol 3.0: message types a client sends. */
const PARSE = 0x50;
const BIND = 0x42;
const QUERY = 0x51;
const TYPE_BYTES = 1;

/** A PostgreSQL server as far as a client can tell, that notes every statement on its way to the real one: simple queries, and executions of prepared ones. */
export async function startStatementCounter(target: { host: string; port: number }): Promise<StatementCounter> {
  let statements: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(target);
    const read = createMessageReader((sql) => statements.push(sql));
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      read(bytes);
      database.write(bytes);
    });
    database.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    take() {
      const taken = statements;
      statements = [];
      return taken;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Takes the bytes of one connection as they come; the first message has no type. */
function createMessageReader(onStatement: (sql: string) => void): (bytes: Buffer) => void {
  const prepared = new Map<string, string>();
  let buffered: Buffer = Buffer.alloc(0);
  let isFirst = true;
  return (bytes) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (;;) {
      const typeBytes = isFirst ? 0 : TYPE_BYTES;
      if (buffered.length < typeBytes + 4) return;
      const end = typeBytes + buffered.readUInt32BE(typeBytes);
      if (buffered.length < end) return;
      const body = buffered.subarray(typeBytes + 4, end);
      if (!isFirst) {
        const [one = '', two = ''] = body.toString('latin1').split('\0', 2);
        const type = buffered[0];
        if (type === PARSE) prepared.set(one, two);
        else if (type === BIND) onStatement(prepared.get(two) ?? 'unknown');
        else if (type === QUERY) onStatement(one);
      }
      isFirst = false;
      buffered = buffered.subarray(end);
    }
  };
}
