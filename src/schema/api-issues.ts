import { ValidationError } from '../domain/errors/validation-error.ts';

/**
 * The error with the paths its reader knows: metrics are members of their own in stored criteria (`criteria.metrics.delta`), and fields beside the others in inputs
 * (`criteria.delta`).
 */
export function withApiPaths(error: ValidationError): ValidationError {
  return new ValidationError(error.issues.map((issue) => ({ ...issue, path: apiPath(issue.path) })));
}

/** A path in criteria as readers of the API know it. */
export function apiPath(path: string): string {
  return path.replace(/(^|\.)metrics\./g, '$1');
}
