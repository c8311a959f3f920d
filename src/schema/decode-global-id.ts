import { decodeGlobalID } from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';

/** The parts of a global id. @throws GraphQLError that says what was expected, for the client */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  try {
    return decodeGlobalID(globalId);
  } catch {
    throw new GraphQLError(`expected a global id, as \`id\` of an object tells it, got ${JSON.stringify(globalId.slice(0, 60))}`);
  }
}
