/**
 * Close codes after which connecting again would end the same way. All others, known or not, are taken for a passing trouble: 1001 (server stops),
 * 1006 (network), 1011-1014 (server or proxy in trouble), 4408 and 4504 (handshake too slow), 4413 (subscriber too slow), 4500 (server in trouble).
 */
const FATAL: ReadonlySet<number> = new Set([
  1002, // protocol error
  1003, // unsupported data
  1007, // invalid payload
  1008, // policy violation
  1009, // message too big: it would be sent again
  1010, // extension missing
  4004, // the server's answer is not of the protocol
  4400, // the server says so of ours
  4401, // unauthorized
  4403, // forbidden
  4406, // subprotocol not acceptable
  4409, // subscriber already exists
  4429, // too many initialisation requests
]);

export function isFatalCloseCode(code: number): boolean {
  return FATAL.has(code);
}
