/**
 * The root of every expected failure. `code` is stable and becomes a metric label, a log field and a GraphQL error type;
 * the message says what was expected and what came.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
