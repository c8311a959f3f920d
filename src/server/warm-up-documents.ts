import { assertValidSchema, type GraphQLSchema, parse, validate } from 'graphql';

/** The first pass takes four times as long as the third, and later ones hardly less than that. */
const PASSES = 3;

/**
 * Checks the schema, which takes a tenth of a second and is otherwise done for the first operation, and parses and validates documents: code that has never run is ten times as slow as later, and
 * whoever asks first would hold up everybody else.
 *
 * @throws Error when the schema is not valid
 */
export function warmUpDocuments(schema: GraphQLSchema, documents: readonly string[]): void {
  assertValidSchema(schema);
  for (let pass = 0; pass < PASSES; pass++) for (const document of documents) validate(schema, parse(document));
}
