import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { ExportCriteria } from './export-parameters.ts';

/** For fields whose criteria are arguments of their own. @throws ValidationError */
export function membersOfFilter({ filter }: ExportCriteria, names: readonly string[]): Record<string, unknown> {
  if (filter === undefined || filter === null) return {};
  if (typeof filter !== 'object' || Array.isArray(filter))
    throw new ValidationError([{ path: 'filter', message: `expected an object with some of ${names.join(', ')}, got something else` }]);
  const unknown = Object.keys(filter).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new ValidationError(
      unknown.map((name) => ({ path: `filter.${name.slice(0, 60)}`, message: `expected some of ${names.join(', ')}, got another member` })),
    );
  return { ...filter };
}
