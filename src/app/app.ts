import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { StartFacts } from '../server/terminal/render-start-lines.ts';
import type { ScannerStatus } from '../services/scanner/scanner-status.ts';

/** A server that runs. */
export interface App {
  readonly address: AddressInfo;
  /** What runs, for the start-up lines. */
  readonly facts: Omit<StartFacts, 'version' | 'configFile'>;
  readonly registry: Registry;
  scannerStatus(): ScannerStatus;
  subscribers(): number;
  /** False when something did not stop cleanly or in time. Idempotent. */
  stop(): Promise<boolean>;
}
