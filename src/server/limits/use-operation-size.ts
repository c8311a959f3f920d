import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type ParseOptions,
  parse,
  type Source,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import type { Limits } from '../../domain/limits/limit-policy.ts';
import { toClientError } from '../client-error.ts';
import type { OperationMeasure } from './measure-operation.ts';
import { createRememberedMeasure } from './remembered-measure.ts';

const NAMES: Readonly<Record<keyof OperationMeasure, string>> = {
  depth: 'levels of fields within each other',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'root fields',
  cost: 'points of cost (objects that lead to objects, times the rows asked for, and the work of some fields)',
};
const MEASURED = Object.keys(NAMES) as (keyof OperationMeasure)[];

/** What a transport hands to the pipeline with each operation. */
export interface SizedOperation {
  readonly params?: { readonly operationName?: string | null; readonly variables?: Readonly<Record<string, unknown>> | null };
}

export interface OperationSizeDeps {
  /** Of who sends the operation. */
  readonly limitsOf: (context: object) => Limits;
  /** Of any viewer: documents beyond it are not parsed to their end. */
  readonly greatestTokens: number;
  /** Rows of a page when none are asked for and as many are granted. */
  readonly defaultPageSize: number;
}

/**
 * Refuses operations that are too large, before they are validated, which can take its time for what is large. It throws: what yoga remembers of documents is for all viewers,
 * and these are limits of one.
 */
export function useOperationSize({ limitsOf, greatestTokens, defaultPageSize }: OperationSizeDeps): Plugin {
  const measureOf = createRememberedMeasure();
  const introspection = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  function introspectionIn(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    let errors = introspection.get(document);
    if (!errors) {
      errors = validate(schema, document, [NoSchemaIntrospectionCustomRule]);
      introspection.set(document, errors);
    }
    return errors;
  }

  return {
    onParse({ context, setParseFn }) {
      const { tokens } = limitsOf(context as object);
      setParseFn((source: string | Source, options?: ParseOptions) => parseWithin(source, greatestTokens, options));
      return ({ result }) => {
        if (result instanceof LimitExceededError) throw tooManyTokens(tokens, Math.max(result.requested, tokens + 1));
        const { tokenCount = 0 } = result as DocumentNode;
        if (tokenCount > tokens) throw tooManyTokens(tokens, tokenCount);
      };
    },
    onValidate({ params: { schema, documentAST: document }, context }) {
      const limits = limitsOf(context as object);
      const { operationName, variables } = (context as SizedOperation).params ?? {};
      const pageSize = Math.min(defaultPageSize, limits.pageSize);
      const measure = measureOf({ schema, document, operationName, variables, defaultPageSize: pageSize });
      const refused = MEASURED.filter((name) => measure[name] > limits[name]);
      const errors = refused.map((limit) => new LimitExceededError(NAMES[limit], limits[limit], measure[limit], { limit }));
      if (errors.length > 0) throw new AggregateError(errors);
      if (limits.introspection) return;
      const introspecting = introspectionIn(schema, document);
      if (introspecting.length > 0)
        throw new AggregateError(introspecting.map((error) => toClientError(withStatus(error), 'GRAPHQL_VALIDATION_FAILED')));
    },
  };
}

/** @throws LimitExceededError at the first token that is too many */
function parseWithin(source: string | Source, maxTokens: number, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens });
  } catch (error) {
    if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test((error as Error).message))
      throw tooManyTokens(maxTokens, maxTokens + 1);
    throw error;
  }
}

function tooManyTokens(allowed: number, requested: number): LimitExceededError {
  return new LimitExceededError('tokens in a document', allowed, requested, { limit: 'tokens' });
}

/** The status that yoga gives errors of validation. */
function withStatus(error: GraphQLError): GraphQLError {
  return Object.assign(error, { extensions: { ...error.extensions, http: { spec: true, status: 400 } } });
}
