import { GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { measureOperation, type OperationMeasure } from './measure-operation.ts';

/** How large an operation may be, on every transport. */
export interface OperationLimits extends OperationMeasure {
  /** Of the document, before it is parsed any further. */
  readonly tokens: number;
}

const NAMES: Readonly<Record<keyof OperationMeasure, string>> = {
  depth: 'levels of fields within each other',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'root fields',
  cost: 'points of cost (objects that lead to objects, times the rows asked for)',
};

/** Refuses operations that are too large before any of them runs. @param limits greatest values that are still accepted */
export function useOperationLimits({ limits, defaultPageSize }: { limits: OperationLimits; defaultPageSize: number }): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source, options?: ParseOptions) => parse(source, { ...options, maxTokens: limits.tokens }));
    },
    onValidate({ params: { schema, documentAST: document }, context }) {
      return ({ valid, setResult }) => {
        if (!valid) return;
        const { operationName, variables } =
          (context as { params?: { operationName?: string; variables?: Record<string, unknown> } }).params ?? {};
        const measure = measureOperation({ schema, document, operationName, variables, defaultPageSize });
        const errors = (Object.keys(NAMES) as (keyof OperationMeasure)[])
          .filter((name) => measure[name] > limits[name])
          .map((name) => tooLarge(new LimitExceededError(NAMES[name], limits[name], measure[name])));
        if (errors.length > 0) setResult(errors);
      };
    },
  };
}

function tooLarge(error: LimitExceededError): GraphQLError {
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, limit: error.limit, requested: error.requested },
  });
}
