import { DomainError } from '../../domain/errors/domain-error.ts';

/** No PostgreSQL binaries for this machine are installed. */
export class PostgresBinariesMissingError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_BINARIES_MISSING';
}

/** Nobody we may run as can both reach the data directory and execute the binaries. */
export class PostgresNotRunnableError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_NOT_RUNNABLE';
}

/** Another process serves this data directory. */
export class DataDirectoryInUseError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_DATA_DIRECTORY_IN_USE';
}

/** The data directory belongs to another user of the machine. */
export class DataDirectoryNotOursError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_DATA_DIRECTORY_NOT_OURS';
}

/** The data directory was made by another major version, or a file of it is missing. */
export class DataDirectoryUnusableError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_DATA_DIRECTORY_UNUSABLE';
}

/** `initdb` failed; the message ends with what it printed. */
export class PostgresInitialisationError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_INITIALISATION';
}

/** The server ended before it accepted connections, or did not accept any in time; the message ends with its last log lines. */
export class PostgresStartError extends DomainError {
  readonly code = 'EMBEDDED_POSTGRES_START';
}
