import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { exampleSymbol, exampleTabs } from './example-tabs.ts';
import { GRAPHIQL_SIGN_IN } from './graphiql-sign-in.ts';
import { GRAPHIQL_SOCKET_ERRORS } from './graphiql-socket-errors.ts';

/** Brotli at 5 takes half a second once and makes 9 MB about 2; higher levels take many seconds for little. */
const BROTLI_QUALITY = 5;

type Encoding = 'br' | 'gzip' | 'identity';

interface Page {
  readonly etag: string;
  /** See contentSecurityPolicy. */
  readonly scriptHashes: readonly string[];
  /** Each encoding is made when the first browser asks for it. */
  body(encoding: Encoding): Promise<Buffer>;
}

/**
 * GraphiQL, wholly from this server: it works without any other network. The page is made on first use: most servers never show it.
 *
 * @param watchlist what is scanned, for the examples; it is shown to everybody
 */
export function createGraphiqlPage(
  watchlist: () => readonly string[],
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let page: { readonly symbol: string; readonly rendered: Promise<Page> } | null = null;
  return async (request, response) => {
    // What is scanned is known a moment after the server has started.
    const symbol = exampleSymbol(watchlist());
    if (page?.symbol !== symbol) page = { symbol, rendered: renderPage(symbol) };
    const { etag, scriptHashes, body } = await page.rendered;
    response.setHeader('content-security-policy', contentSecurityPolicy(scriptHashes, request.headers.host));
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'accept-encoding');
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    const encoding = preferredEncoding(request.headers['accept-encoding']);
    const bytes = await body(encoding);
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  };
}

/** The scripts of the page, as browsers find them: the text of an element ends where the next end tag begins. */
const SCRIPT = /<script>(.*?)<\/script>/gs;
const HOST = /^[\w.:[\]-]{1,255}$/;

/**
 * What the page may do: run the scripts it came with and the workers they make, and talk to this server. Its editor writes styles as it goes along. Browsers differ in whether
 * 'self' includes the WebSockets of the same host.
 */
function contentSecurityPolicy(scriptHashes: readonly string[], host: string | undefined): string {
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    `script-src ${scriptHashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** A pointer that moved farther was dragging a tab, not clicking it. */
const CLICK_RADIUS_PX = 5;

/**
 * The page's tabs can be dragged, and in current Chromium the drag handling swallows plain clicks: the pointer is released over the list instead of the tab. This
 * gives the tab its click.
 */
const TAB_CLICKS = `<script>
  (() => {
    let pressed = null;
    addEventListener('pointerdown', (event) => {
      const button = event.target.closest?.('.graphiql-tab-button, .graphiql-tab-close');
      pressed = button && { button, x: event.clientX, y: event.clientY };
    }, true);
    addEventListener('click', (event) => {
      if (!event.isTrusted || !pressed || pressed.button.contains(event.target)) return;
      const { button, x, y } = pressed;
      pressed = null;
      if (Math.hypot(event.clientX - x, event.clientY - y) <= ${CLICK_RADIUS_PX} && event.target.closest?.('.graphiql-tabs')) button.click();
    }, true);
  })();
</script>`;

async function renderPage(symbol: string): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Strikewire GraphiQL',
    // The stock page subscribes over WebSocket at the address it queries.
    subscriptionsProtocol: 'WS',
    endpoint: '/graphql',
    defaultTabs: exampleTabs(symbol),
  } as Parameters<typeof renderGraphiQL>[0]);
  const start = page.indexOf('<head>') + '<head>'.length;
  const end = page.lastIndexOf('</body>');
  const html = Buffer.from(
    page.slice(0, start) + GRAPHIQL_SIGN_IN + GRAPHIQL_SOCKET_ERRORS + page.slice(start, end) + TAB_CLICKS + page.slice(end),
  );
  const bodies = new Map<Encoding, Promise<Buffer>>();
  return {
    scriptHashes: [...html.toString().matchAll(SCRIPT)].map(
      ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
    ),
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`,
    body(encoding) {
      const body = bodies.get(encoding) ?? encode(html, encoding);
      bodies.set(encoding, body);
      return body;
    },
  };
}

function encode(html: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return promisify(brotliCompress)(html, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  if (encoding === 'gzip') return promisify(gzip)(html);
  return Promise.resolve(html);
}

function preferredEncoding(accepted: string | string[] | undefined): Encoding {
  const names = String(accepted ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity';
}
