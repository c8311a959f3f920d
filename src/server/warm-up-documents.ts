import { assertValidSchema, type GraphQLSchema, parse, validate } from 'graphql';

/**
 * Checks the schema, which takes a tenth of a second and is otherwise done for the first operation, and parses and validates documents: code that has never run is ten times as slow as later, and
 * whoever asks first would hold up everybody else.
 *
 * @throws Error when the schema is not valid
 */
export function warmUpDocuments(schema: GraphQLSchema, documents: readonly string[]): void {
  assertValidSchema(schema);
  for (const document of documents) validate(schema, parse(document));
}
