import { validate as isUuid } from 'uuid';
import { ValidationError } from '../domain/errors/validation-error.ts';

/** The UUID inside a global id. @throws ValidationError when it is none. */
export function parseUuid(globalId: { readonly typename: string; readonly id: string }, path: string): string {
  if (isUuid(globalId.id)) return globalId.id;
  throw new ValidationError([
    { path, message: `expected the global id of a ${globalId.typename}, got one with ${JSON.stringify(globalId.id.slice(0, 60))}` },
  ]);
}
