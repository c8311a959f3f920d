import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';

/**
 * Sends answers that are one text, which most are, in one piece with their headers. Letters of ASCII are the same bytes as Latin-1, in which Node.js copies a text; as UTF-8 it first asks
 * for three times the memory. Yoga sends all others, those that may be compressed among them, and leaves alone what has been sent. Behind all plugins that change answers.
 */
export function useTextAnswers(): Plugin {
  return {
    onResponse({ response, serverContext }) {
      const { res } = serverContext as { readonly res?: ServerResponse };
      const text = textOf(response);
      if (res === undefined || text === null || res.destroyed || res.writableEnded) return;
      // What is being compressed has not been sent yet, and Yoga would send it once more.
      if (res.req.headers['accept-encoding'] !== undefined) return;
      res.setHeaders(response.headers);
      res.writeHead(response.status, response.statusText);
      res.end(text, Number(response.headers.get('content-length')) === text.length ? 'latin1' : 'utf8');
    },
  };
}

/** Yoga's own kind of Response keeps what it was made of. */
function textOf(response: Response): string | null {
  const { bodyInit } = response as { readonly bodyInit?: unknown };
  return typeof bodyInit === 'string' ? bodyInit : null;
}
