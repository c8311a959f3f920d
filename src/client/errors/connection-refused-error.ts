import { DomainError } from '../../domain/errors/domain-error.ts';

/** The server closed the connection in a way that connecting again would not change. The next operation tries nevertheless. */
export class ConnectionRefusedError extends DomainError {
  readonly code = 'CONNECTION_REFUSED';
  /** WebSocket close code, see `isFatalCloseCode`. */
  readonly closeCode: number;
  readonly reason: string;

  constructor(closeCode: number, reason: string) {
    super(`expected a connection, got it closed with ${closeCode}${reason && ` (${reason})`}`);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}
