/** What travels between the parts of a process, and between processes that share a bus. Channel names are stream names. */
export interface BusMessage {
  /** Rows of a stream as JSON-safe values; `rows[0]` has the first number. */
  readonly firstSequence: number;
  readonly rows: readonly unknown[];
}

/**
 * The fast path of delivery. Messages reach every handler of every process at most once, each publisher's in its order; a message may get lost between
 * processes (never within one): whoever must see all rows watches the numbers and reads what is missing from the database.
 */
export interface Bus {
  /** One line for people; never a secret. */
  readonly description: string;
  start(): Promise<void>;
  /** Handlers of this process are called before it returns. Never throws: losing the link between processes is counted and shown in `isHealthy`. */
  publish(channel: string, message: BusMessage): void;
  /** A handler must not throw. Returns the end of the subscription. */
  subscribe(channel: string, handler: (message: BusMessage) => void): () => void;
  isHealthy(): boolean;
  stop(): Promise<void>;
}
