/** An operation that GraphiQL opens with, in a tab of its own. */
export interface ExampleOperation {
  readonly name: string;
  /** Runs as it stands, or needs the variables. */
  readonly query: string;
  /** As JSON, with ids still to be filled in; left out: it needs none. */
  readonly variables?: string;
}
