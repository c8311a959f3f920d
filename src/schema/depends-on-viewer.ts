import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

/** In the options of a field whose answer depends on who asks, beyond what it is allowed: subscribers of different subjects do not share executions of it. */
export const DEPENDS_ON_VIEWER = { dependsOnViewer: true } as const;

/** Whether an answer to the document differs between callers of the same roles. */
export function dependsOnViewer(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let depends = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        if (types.getFieldDef()?.extensions.dependsOnViewer === true) depends = true;
      },
    }),
  );
  return depends;
}
