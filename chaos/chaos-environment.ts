/** A Redis that can be taken away and given back. */
export interface ChaosRedis {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
}

/** What a run is done with. */
export interface ChaosEnvironment {
  /** Of a database with nothing in it. */
  readonly databaseUrl: string;
  readonly redis: ChaosRedis;
  /** Program and arguments that start a server of the product. */
  readonly serverCommand: readonly string[];
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Tells how far the run is. */
  readonly print: (line: string) => void;
}
