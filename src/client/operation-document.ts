/**
 * The text of one operation, with the types of its answer and its variables where they are known: a plain string, a document of `operations.ts`,
 * or what graphql-codegen makes with `documentMode: 'string'`.
 */
export interface OperationDocument<Data, Variables> {
  toString(): string;
  /** Exists for the compiler only. */
  readonly __apiType?: (variables: Variables) => Data;
}
