import type { Logger } from 'pino';
import type { ApiKeyStore } from './api-key-store.ts';

/** How often it is written which keys were used. */
const WRITE_INTERVAL_MS = 30_000;

/** Notes when keys were last used, out of the way of those who use them: one statement every half minute, however many keys and uses. */
export interface ApiKeyUses {
  note(id: string, atMs: number): void;
  start(): void;
  /** Writes what has been noted. */
  stop(): Promise<void>;
}

export interface ApiKeyUsesDeps {
  readonly store: Pick<ApiKeyStore, 'saveUses'>;
  readonly log: Logger;
}

export function createApiKeyUses({ store, log }: ApiKeyUsesDeps): ApiKeyUses {
  let noted = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (noted.size === 0) return;
    const uses = noted;
    noted = new Map();
    try {
      await store.saveUses(uses);
    } catch (error) {
      log.warn({ err: error, keys: uses.size }, 'when API keys were last used could not be written, trying again later');
      for (const [id, atMs] of uses) noted.set(id, Math.max(atMs, noted.get(id) ?? 0));
    }
  }

  function writeSoon(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  return {
    note(id, atMs) {
      noted.set(id, atMs);
    },
    start() {
      timer = setInterval(() => void writeSoon(), WRITE_INTERVAL_MS).unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      await writeSoon();
    },
  };
}
