import type { ValidationIssue } from '../errors/validation-error.ts';
import { type CriteriaIssues, createCriteriaIssues } from '../filters/criteria-issues.ts';

/** What is wrong with a rule, and where; also what others have found in its parts. */
export interface RuleIssues extends CriteriaIssues {
  /** Takes over issues found in a part of the rule that is at `path`. */
  tell(path: string, found: readonly ValidationIssue[]): void;
}

export function createRuleIssues(): RuleIssues {
  const own = createCriteriaIssues();
  const told: ValidationIssue[] = [];
  return {
    add: own.add,
    get list() {
      return [...own.list, ...told];
    },
    tell(path, found) {
      for (const issue of found) told.push({ path: issue.path === '' ? path : `${path}.${issue.path}`, message: issue.message });
    },
  };
}
