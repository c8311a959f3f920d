import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import type { AppDeps } from './app-deps.ts';

/** What there is before anything runs. */
export interface Foundation {
  readonly config: Config;
  readonly deps: AppDeps;
  /** Each part registers its stop as soon as it runs. */
  readonly lifecycle: Lifecycle;
  /** Gives up the start. */
  readonly starting: AbortSignal;
  /** The log of a part. */
  component(name: string): Logger;
}

/** What every part of the server is put together from. */
export interface Wiring extends Foundation {
  readonly registry: Registry;
  /** Of all that computes for long. */
  readonly slicer: EventLoopSlicer;
}
