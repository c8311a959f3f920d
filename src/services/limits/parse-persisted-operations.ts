import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';

/**
 * Documents by their SHA-256 (hexadecimal) from the text of an allow-list: a JSON list of documents, or an object with the hash of each in front of it, as code generators
 * write them.
 *
 * @throws ValidationError with everything that is wrong
 */
export function parsePersistedOperations(text: string): ReadonlyMap<string, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ValidationError([{ path: '', message: `expected JSON, got ${(error as SyntaxError).message}` }]);
  }
  if (typeof content !== 'object' || content === null)
    throw new ValidationError([{ path: '', message: 'expected a list of documents, or an object of hash and document' }]);
  const isList = Array.isArray(content);
  const issues: ValidationIssue[] = [];
  const documents = new Map<string, string>();
  for (const [key, document] of Object.entries(content)) {
    const issue = documentIssue(document);
    if (issue) {
      issues.push({ path: key, message: issue });
      continue;
    }
    const hash = createHash('sha256')
      .update(document as string)
      .digest('hex');
    const named = key.replace(/^sha256:/, '').toLowerCase();
    if (!isList && named !== hash) issues.push({ path: key, message: `expected the SHA-256 of the document, ${hash}, got another name` });
    documents.set(hash, document as string);
  }
  if (issues.length > 0) throw new ValidationError(issues);
  return documents;
}

function documentIssue(document: unknown): string | null {
  if (typeof document !== 'string') return 'expected the text of a document';
  try {
    parse(document);
    return null;
  } catch (error) {
    return `expected a GraphQL document, got: ${(error as Error).message}`;
  }
}
