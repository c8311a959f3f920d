import type { ServerResponse } from 'node:http';

/**
 * Ends an answer so that it cannot be taken for a whole one. Without the last of its chunks it is not whole; but HTTP/1.0, which proxies may speak to us (nginx does unless told
 * otherwise), has no chunks, and what ends there by closing the connection is complete. So that connection is reset.
 */
export function cutAnswer(response: ServerResponse): void {
  const { socket } = response;
  if (socket && response.headersSent && !response.hasHeader('content-length') && response.req.httpVersion === '1.0')
    socket.resetAndDestroy();
  else response.destroy();
}
