import postgres from 'postgres';

export interface Liveness {
  /**
   * Resolves when the server answers; rejects with why it does not. One question is under way at a time, whoever asks and however often: a server that hangs collects
   * no queue of them.
   */
  ping(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface LivenessOptions {
  /** postgres:// address; may hold a password, never log it. */
  readonly url: string;
  readonly applicationName: string;
  /** A ping that is not answered by then rejects; its question stays under way, for the next ping. */
  readonly timeoutMs: number;
  /** A question that is not answered by then is given up together with its connection: the network may have forgotten it. */
  readonly giveUpMs: number;
}

/** Asks a database whether it is there, over a connection of its own, which no other query holds up. */
export function createLiveness({ url, applicationName, timeoutMs, giveUpMs }: LivenessOptions): Liveness {
  const connection = { application_name: applicationName };
  const connect = () =>
    postgres(url, { max: 1, idle_timeout: 60, connect_timeout: giveUpMs / 1e3, backoff: () => 0.1, onnotice: () => {}, connection });
  let client: ReturnType<typeof connect> | null = null;
  let question: Promise<void> | null = null;
  let pinging: Promise<void> | null = null;
  let closed = false;

  async function ask(): Promise<void> {
    client ??= connect();
    const asked = client;
    const timer = setTimeout(() => {
      client = null;
      // Rejects the question.
      void asked.end({ timeout: 0 });
    }, giveUpMs);
    try {
      await asked`select 1`;
    } finally {
      clearTimeout(timer);
      question = null;
    }
  }

  async function answerInTime(): Promise<void> {
    question ??= ask();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`PostgreSQL did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([question, late]);
    } finally {
      clearTimeout(timer);
      pinging = null;
    }
  }

  return {
    ping() {
      if (closed) return Promise.reject(new Error('the database has been closed'));
      pinging ??= answerInTime();
      return pinging;
    },
    async close() {
      closed = true;
      await client?.end({ timeout: 0 });
    },
  };
}
