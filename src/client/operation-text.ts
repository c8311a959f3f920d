import { InvalidClientOptionError } from './errors/invalid-client-option-error.ts';
import type { OperationDocument } from './operation-document.ts';

/** @throws InvalidClientOptionError for a parsed document: its text would have to be printed, which is not worth the weight here. */
export function operationText(document: OperationDocument<unknown, never>): string {
  const text = String(document);
  if (text.startsWith('[object')) {
    throw new InvalidClientOptionError('expected the text of an operation, got a parsed document: pass `print(document)` of graphql');
  }
  return text;
}
