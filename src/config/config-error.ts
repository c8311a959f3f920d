import { DomainError } from '../domain/errors/domain-error.ts';

/** One thing that is wrong with the configuration. Never holds the value of a secret. */
export interface ConfigIssue {
  /** Where it was found: `environment variable PORT`, `flag --port`, `strikewire.yaml:3:9`. */
  readonly source: string;
  /** What was expected and what came. */
  readonly message: string;
}

/** The configuration cannot be used. Carries everything that is wrong with it, not just the first. */
export class ConfigError extends DomainError {
  readonly code = 'CONFIG_INVALID';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const lines = issues.map(({ source, message }) => `  ${source}: ${message}`);
    const heading = issues.length === 1 ? 'The configuration has an error:' : `The configuration has ${issues.length} errors:`;
    super([heading, ...lines].join('\n'));
    this.issues = issues;
  }
}
