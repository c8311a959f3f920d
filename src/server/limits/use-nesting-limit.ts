import { GraphQLError, type ParseOptions, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';

/** GraphQL.js parses, validates and coerces by recursion: from about 3,000 levels on it runs out of stack, which would look like a mistake of the server. */
const DOCUMENT_LEVELS = 1_000;
const VARIABLE_LEVELS = 200;
/** Only such as have no other half. */
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/**
 * Refuses documents and variables that are nested deeper than can be worked on, before anything recursive touches them; and texts in variables that are no Unicode (half a
 * character, as JSON can write it), which the database takes nowhere. What a viewer's own limits say of an operation is looked at later, when it is understood.
 */
export function useNestingLimit(): Plugin {
  return {
    onParse({ context, parseFn, setParseFn }) {
      const { params } = context as { params?: { variables?: unknown } };
      checkValue(params?.variables);
      setParseFn((source: string | Source, options?: ParseOptions) => {
        const levels = levelsOf(typeof source === 'string' ? source : source.body);
        if (levels > DOCUMENT_LEVELS)
          throw new LimitExceededError('levels of brackets in a document', DOCUMENT_LEVELS, levels, { limit: 'nesting' });
        return parseFn(source, options);
      });
    },
  };
}

/** Brackets in texts and comments count too: a document that has so many there is not worth telling them apart. */
function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    // { [ (
    if (character === 123 || character === 91 || character === 40) deepest = Math.max(deepest, ++level);
    // } ] )
    else if (character === 125 || character === 93 || character === 41) level--;
  }
  return deepest;
}

/** Without recursion, level by level. @throws LimitExceededError, GraphQLError */
function checkValue(root: unknown): void {
  let values: unknown[] = [root];
  for (let level = 0; values.length > 0; level++) {
    if (level > VARIABLE_LEVELS)
      throw new LimitExceededError('levels of lists and objects in variables', VARIABLE_LEVELS, level, { limit: 'nesting' });
    const below: unknown[] = [];
    for (const value of values) {
      if (typeof value === 'string' && HALF_A_CHARACTER.test(value))
        throw new GraphQLError('expected texts of Unicode in variables, got half a character', { extensions: { code: 'BAD_USER_INPUT' } });
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) for (const item of value) below.push(item);
      else for (const key in value) below.push((value as Record<string, unknown>)[key]);
    }
    values = below;
  }
}
