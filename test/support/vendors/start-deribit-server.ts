import { type WebSocket, WebSocketServer } from 'ws';
import { answerJson, startVendorServer, type VendorServer } from './start-vendor-server.ts';

export interface DeribitRequest {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface DeribitServer extends Pick<VendorServer, 'url' | 'requests' | 'handle'> {
  readonly webSocketUrl: string;
  /** Methods called over sockets, in order. */
  readonly called: readonly DeribitRequest[];
  /** How many sockets were opened so far. */
  connections(): number;
  openSockets(): readonly WebSocket[];
  /** Sends a notification to every open socket. */
  notify(channel: string, data: unknown): void;
  /** Asks whether the client is there, as after set_heartbeat, and cuts it off when public/test does not come before `patienceMs`. */
  testRequest(patienceMs: number): void;
  /** Answers public/subscribe with this error from now on; null: with the channels. */
  refuse(error: { code: number; message: string } | null): void;
  close(): Promise<void>;
}

/** Speaks Deribit's REST and socket as far as the feed does: book summaries are handled by the test, the socket is JSON-RPC 2.0. */
export async function startDeribitServer(): Promise<DeribitServer> {
  const vendor = await startVendorServer((_request, response) => answerJson(response, { jsonrpc: '2.0', result: [] }));
  const sockets = new WebSocketServer({ server: vendor.server, path: '/ws/api/v2' });
  const called: DeribitRequest[] = [];
  const patience = new Map<WebSocket, NodeJS.Timeout>();
  let connections = 0;
  let refusal: { code: number; message: string } | null = null;

  sockets.on('connection', (socket) => {
    connections++;
    socket.on('close', () => clearTimeout(patience.get(socket)));
    socket.on('message', (frame) => {
      const request = JSON.parse(String(frame)) as DeribitRequest;
      called.push(request);
      const answer = (body: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...body }));
      if (request.method === 'public/subscribe') answer(refusal ? { error: refusal } : { result: request.params.channels });
      else if (request.method === 'public/set_heartbeat') answer({ result: 'ok' });
      else if (request.method === 'public/test') {
        clearTimeout(patience.get(socket));
        answer({ result: { version: '1.2.26' } });
      } else answer({ error: { code: -32601, message: 'Method not found' } });
    });
  });

  return {
    url: vendor.url,
    webSocketUrl: `${vendor.url.replace('http', 'ws')}/ws/api/v2`,
    requests: vendor.requests,
    handle: vendor.handle,
    called,
    connections: () => connections,
    openSockets: () => [...sockets.clients],
    notify(channel, data) {
      const message = JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });
      for (const socket of sockets.clients) socket.send(message);
    },
    testRequest(patienceMs) {
      for (const socket of sockets.clients) {
        patience.set(
          socket,
          setTimeout(() => socket.terminate(), patienceMs),
        );
        socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'heartbeat', params: { type: 'test_request' } }));
      }
    },
    refuse(error) {
      refusal = error;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await vendor.close();
    },
  };
}

/** One element of get_book_summary_by_currency, kind option: an invented contract in the recorded shape. */
export function aBookSummary(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    instrument_name: 'BTC-28AUG26-60000-C',
    base_currency: 'BTC',
    quote_currency: 'BTC',
    bid_price: 0.05,
    ask_price: 0.055,
    mid_price: 0.0525,
    mark_price: 0.0525,
    mark_iv: 55.5,
    last: 0.051,
    volume: 12.5,
    volume_usd: 37_500,
    open_interest: 340.2,
    interest_rate: 0,
    underlying_index: 'BTC-28AUG26',
    underlying_price: 60_500,
    estimated_delivery_price: 60_000,
    creation_timestamp: Date.UTC(2026, 6, 1, 12),
    ...overrides,
  };
}
