import { WebSocket } from 'ws';

/** A class of WebSockets, and how many messages have arrived over all of them. */
export function countingWebSocket() {
  let arrived = 0;
  class Counting extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      this.on('message', () => arrived++);
    }
  }
  return { webSocketImpl: Counting, arrived: () => arrived };
}
