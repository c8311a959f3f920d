import type { Logger } from 'pino';
import type { StreamLog } from './stream-log.ts';
import type { StreamPosition } from './stream-position.ts';

type OnHead = (head: StreamPosition) => void;

/** Looks at the heads of all streams that somebody watches, with one statement for all of them. */
export interface HeadPoller {
  /**
   * The handler gets the newest committed position at each look, whether it is another one or not; none of a stream without rows. It must not throw.
   * @returns the end of watching, which resolves when no look is under way
   */
  watch(stream: string, onHead: OnHead): () => Promise<void>;
}

export interface HeadPollerDeps {
  readonly streamLog: Pick<StreamLog, 'heads'>;
  readonly log: Logger;
  /** Between two looks. */
  readonly intervalMs: number;
}

/** Asks nothing while nobody watches. */
export function createHeadPoller({ streamLog, log, intervalMs }: HeadPollerDeps): HeadPoller {
  const watchers = new Set<{ readonly stream: string; readonly onHead: OnHead }>();
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    try {
      const heads = await streamLog.heads();
      for (const { stream, onHead } of watchers) {
        const head = heads.get(stream);
        if (head) onHead(head);
      }
    } catch (error) {
      log.debug({ err: error }, 'the heads of streams could not be read');
    }
    looking = null;
    lookLater();
  }

  function lookLater(): void {
    if (timer || looking || watchers.size === 0) return;
    timer = setTimeout(() => {
      timer = null;
      looking = look();
    }, intervalMs);
  }

  return {
    watch(stream, onHead) {
      const watcher = { stream, onHead };
      watchers.add(watcher);
      lookLater();
      return async () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && timer) {
          clearTimeout(timer);
          timer = null;
        }
        await looking;
      };
    },
  };
}
