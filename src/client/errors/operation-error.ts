import { DomainError } from '../../domain/errors/domain-error.ts';
import type { GraphQLErrorShape } from '../graphql-result.ts';

/** The server answered with errors. */
export class OperationError extends DomainError {
  readonly code = 'OPERATION_FAILED';
  readonly errors: readonly GraphQLErrorShape[];
  /** What was answered in spite of them; null: nothing. */
  readonly data: unknown;

  constructor(errors: readonly GraphQLErrorShape[], data: unknown = null) {
    super(`expected an answer without errors, got: ${errors.map((error) => error.message).join('; ')}`);
    this.errors = errors;
    this.data = data;
  }
}
