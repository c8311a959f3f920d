import { vi } from 'vitest';

/** An event as a browser's EventSource would hand it out. */
export interface ServerEvent {
  readonly event: string;
  /** The id the stream is at: that of this event or, when it has none, of one before. */
  readonly lastEventId: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of any shape
  readonly data: any;
}

export interface EventStream {
  readonly response: Response;
  readonly events: readonly ServerEvent[];
  readonly comments: readonly string[];
  /** The first event that fits, as soon as it is there. */
  event(fits: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  /** Resolves when the server ends the answer; rejects when the connection was cut. */
  readonly ended: Promise<void>;
  disconnect(): void;
}

/** Reads server-sent events the way the HTML standard says. */
export async function openEventStream(url: string | URL, init: RequestInit = {}): Promise<EventStream> {
  const controller = new AbortController();
  const response = await fetch(url, { ...init, headers: { accept: 'text/event-stream', ...init.headers }, signal: controller.signal });
  const events: ServerEvent[] = [];
  const comments: string[] = [];
  let lastEventId = '';
  let fields: { event: string; data: string[] } = { event: 'message', data: [] };

  function takeLine(line: string): void {
    if (line === '') {
      if (fields.data.length > 0) events.push({ event: fields.event, lastEventId, data: JSON.parse(fields.data.join('\n') || 'null') });
      fields = { event: 'message', data: [] };
      return;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === '') comments.push(value);
    else if (name === 'event') fields.event = value;
    else if (name === 'data') fields.data.push(value);
    else if (name === 'id') lastEventId = value;
    else throw new Error(`expected a field of an event, got ${line}`);
  }

  const read = async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const line of lines) takeLine(line);
    }
    if (rest !== '') throw new Error(`expected whole lines, got ${rest} at the end`);
  };
  const ended = response.headers.get('content-type')?.startsWith('text/event-stream') ? read() : Promise.resolve();
  ended.catch(() => {});

  return {
    response,
    events,
    comments,
    event: (fits) =>
      vi.waitFor(
        () => {
          const found = events.find(fits);
          if (!found) throw new Error(`expected another event, got ${JSON.stringify(events).slice(0, 2_000)}`);
          return found;
        },
        { interval: 5 },
      ),
    ended,
    disconnect: () => controller.abort(),
  };
}
