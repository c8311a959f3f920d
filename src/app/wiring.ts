import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { AppDeps } from './app-deps.ts';

/** What every part of the server is put together from. */
export interface Wiring {
  readonly config: Config;
  readonly deps: AppDeps;
  /** Each part registers its stop as soon as it runs. */
  readonly lifecycle: Lifecycle;
  readonly registry: Registry;
  /** Gives up the start. */
  readonly starting: AbortSignal;
  /** The log of a part. */
  component(name: string): Logger;
}
