import { draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { Scanner } from './scanner.ts';
import type { ScannerStatus } from './scanner-status.ts';

/** The scanner for people: starts and stops that change something are in the audit trail. */
export interface ScannerControl {
  /** See Scanner.start. */
  start(caller: Caller): Promise<ScannerStatus>;
  /** See Scanner.stop. */
  stop(caller: Caller): Promise<ScannerStatus>;
}

export interface ScannerControlDeps {
  readonly scanner: Pick<Scanner, 'start' | 'stop' | 'status'>;
  readonly auditLog: Pick<AuditLog, 'record'>;
  /** UUIDv7. */
  readonly newId: () => string;
}

/** Every process has one; the entry names the request, whose log lines name the process. */
const SCANNER = { objectKind: 'SCANNER', objectId: 'scanner' } as const;

export function createScannerControl({ scanner, auditLog, newId }: ScannerControlDeps): ScannerControl {
  return {
    async start(caller) {
      const { state } = scanner.status();
      // Before it is done, so that nothing is done without a trace.
      if (state === 'STOPPED' || state === 'ENDED') {
        await auditLog.record(draftAuditEntry(newId(), caller, { action: 'SCANNER_STARTED', ...SCANNER }));
      }
      await scanner.start();
      return scanner.status();
    },
    async stop(caller) {
      if (scanner.status().state !== 'STOPPED') {
        await auditLog.record(draftAuditEntry(newId(), caller, { action: 'SCANNER_STOPPED', ...SCANNER }));
      }
      await scanner.stop();
      return scanner.status();
    },
  };
}
