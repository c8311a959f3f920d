/** An error as GraphQL answers carry it. */
export interface GraphQLErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  /** `code` and `requestId` among others. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer of the server, or an item of a subscription. */
export interface GraphQLResult {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly GraphQLErrorShape[] | undefined;
}
