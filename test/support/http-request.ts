import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came, still compressed. */
  readonly body: Buffer;
  json(): unknown;
}

export interface HttpRequestOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** A list is sent in chunks, without a length. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
}

/** What fetch would hide or refuse: the answer as it came, chunked bodies, any header; on a connection of its own. */
export function httpRequest(url: string, { method = 'GET', headers = {}, body }: HttpRequestOptions = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const received = Buffer.concat(chunks);
        const { statusCode = 0, headers: receivedHeaders } = response;
        resolve({ status: statusCode, headers: receivedHeaders, body: received, json: () => JSON.parse(received.toString()) as unknown });
      });
    });
    sent.once('error', reject);
    if (Array.isArray(body)) for (const chunk of body) sent.write(chunk);
    sent.end(Array.isArray(body) ? undefined : (body as string | Buffer | undefined));
  });
}
