import { WebSocket } from 'ws';

/** What clients may be told when a connection is closed on them: RFC 6455 (protocol error, unacceptable data, no UTF-8, policy, too big) and graphql-transport-ws, with ours (4413). */
const CLOSE_CODES = new Set([1000, 1002, 1003, 1007, 1008, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4413, 4429]);
const INTERNAL = /INTERNAL_SERVER_ERROR|Unexpected error|\bat [\w.<>]+ \(|node_modules/;

/** @throws Error when an answer is none that a client can do something with */
export function judgeAnswer(status: number, text: string): string {
  if (status >= 500 || INTERNAL.test(text)) throw new Error(`expected an answer or a clear refusal, got ${status}: ${text.slice(0, 400)}`);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return code === undefined ? `HTTP ${status}` : `HTTP ${status} ${code}`;
}

/** @throws Error when no client is told this code */
export function judgeClose(code: number, reason: string): string {
  if (!CLOSE_CODES.has(code)) throw new Error(`expected a specified close code, got ${code} ${reason}`);
  return `WebSocket closed ${code}`;
}

/** @throws Error when a message tells of trouble that is not the client's */
export function judgeMessage(text: string): string {
  if (INTERNAL.test(text)) throw new Error(`expected an answer or a clear refusal, got ${text.slice(0, 400)}`);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return code === undefined ? 'WebSocket answered' : `WebSocket ${code}`;
}

export function openSocket(url: string, authorization: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ['graphql-transport-ws'], { maxPayload: 64 * 1_048_576 });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      socket.once('message', () => {
        socket.off('error', reject);
        socket.on('error', () => {});
        resolve(socket);
      });
    });
  });
}
