import { type DocumentNode, type GraphQLSchema, getVariableValues, Kind } from 'graphql';
import { ValidationError } from '../../domain/errors/validation-error.ts';

/** The variables of a document's operation as resolvers get them. @throws ValidationError with everything that does not fit */
export function coerceVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const { coerced, errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
  if (errors) throw new ValidationError(errors.map(({ message }) => ({ path: '', message })));
  return coerced;
}
