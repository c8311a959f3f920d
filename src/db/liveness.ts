import postgres from 'postgres';

export interface Liveness {
  /**
   * Resolves when the server answers; rejects with why it does not. Calls that come while one waits share its answer, so that a server that hangs collects no queue of
   * questions.
   */
  ping(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LivenessOptions {
  /** postgres:// address; may hold a password, never log it. */
  readonly url: string;
  readonly applicationName: string;
  /** What is not answered by then counts as failed, and its connection is dropped: the network may have forgotten it. */
  readonly timeoutMs: number;
}

/** Asks a database whether it is there, over a connection of its own, which no other query holds up. */
export function createLiveness({ url, applicationName, timeoutMs }: LivenessOptions): Liveness {
  const connect = () =>
    postgres(url, {
      max: 1,
      idle_timeout: 60,
      connect_timeout: timeoutMs / 1e3,
      onnotice: () => {},
      connection: { application_name: applicationName },
    });
  let client: ReturnType<typeof connect> | null = null;
  let asking: Promise<void> | null = null;
  let closed = false;

  async function ask(): Promise<void> {
    client ??= connect();
    const asked = client;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`PostgreSQL did not answer within ${timeoutMs} ms`));
        if (client === asked) client = null;
        void asked.end({ timeout: 0 });
      }, timeoutMs);
    });
    try {
      await Promise.race([asked`select 1`, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    ping() {
      if (closed) return Promise.reject(new Error('the check has been closed'));
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    async close() {
      closed = true;
      await client?.end({ timeout: 0 });
    },
  };
}
