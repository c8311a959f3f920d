import { DomainError } from './domain-error.ts';

export interface ValidationIssue {
  /** Where in the input, e.g. `criteria.metrics.delta.min`; empty for the whole. */
  readonly path: string;
  /** What was expected and what came. */
  readonly message: string;
}

/** Input that cannot be accepted; every issue found is listed. */
export class ValidationError extends DomainError {
  readonly code = 'VALIDATION_FAILED';
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; '));
    this.issues = issues;
  }
}
