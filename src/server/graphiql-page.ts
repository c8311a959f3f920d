import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { exampleSymbol } from './example-tabs.ts';
import { makeGraphiqlDocument } from './make-graphiql-document.ts';

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
 * GraphiQL, wholly from this server: it works without any other network. The page is made on first use, in a thread: most servers never show it.
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
    const asked = page;
    const { etag, scriptHashes, body } = await asked.rendered.catch((error: unknown) => {
      // Made anew for whoever asks next.
      if (page === asked) page = null;
      throw error;
    });
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

async function renderPage(symbol: string): Promise<Page> {
  const { html, etag, scriptHashes } = await makeGraphiqlDocument(symbol);
  const bodies = new Map<Encoding, Promise<Buffer>>();
  return {
    scriptHashes,
    etag,
    body(encoding) {
      const body = bodies.get(encoding) ?? encode(Buffer.from(html.buffer), encoding);
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
