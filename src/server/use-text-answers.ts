import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { AnswerBody } from './answer-body.ts';

/**
 * Sends answers that are one text, which most are, in one piece with their headers. Letters of ASCII are the same bytes as Latin-1, in which Node.js copies a text; as UTF-8 it first asks
 * for three times the memory. Long ones come as an `AnswerBody` and are sent in its pieces. Yoga sends all others, texts that may be compressed among them, and leaves alone what has been
 * sent. Behind all plugins that change answers.
 */
export function useTextAnswers(): Plugin {
  return {
    onResponse({ response, serverContext }) {
      const { res } = serverContext as { readonly res?: ServerResponse };
      if (res === undefined || res.destroyed || res.writableEnded) return undefined;
      const { bodyInit } = response as { readonly bodyInit?: unknown };
      if (bodyInit instanceof AnswerBody) return sendInPieces(bodyInit, response, res);
      // What is being compressed has not been sent yet, and Yoga would send it once more.
      if (typeof bodyInit !== 'string' || res.req.headers['accept-encoding'] !== undefined) return undefined;
      res.setHeaders(response.headers);
      res.writeHead(response.status, response.statusText);
      res.end(bodyInit, Number(response.headers.get('content-length')) === bodyInit.length ? 'latin1' : 'utf8');
      return undefined;
    },
  };
}

/** Its length is known: over HTTP/1.0 too a client knows whether it got all of it. Resolves when it has been sent, compressed or not, or the client has gone. */
function sendInPieces({ chunks, byteLength }: AnswerBody, response: Response, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    res.once('close', resolve);
    res.setHeaders(response.headers);
    res.setHeader('content-length', byteLength);
    res.writeHead(response.status, response.statusText);
    for (const chunk of chunks) res.write(chunk);
    res.end();
  });
}
