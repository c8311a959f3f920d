import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, visit } from 'graphql';

/** Arguments that say where a subscriber begins; what comes live does not depend on them. */
const BEGINNING = new Set(['after', 'snapshot']);

interface DocumentShape {
  /** The text with blanks for literal beginnings. */
  readonly text: string;
  /** Variables used for nothing but a beginning. */
  readonly ignored: ReadonlySet<string>;
}

export interface SharedOperation {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** Tells which subscriptions may share executions: the same text for those whose live items are selected alike, wherever each of them begins. */
export function createSharedKey(): (operation: SharedOperation) => string {
  const shapes = new WeakMap<DocumentNode, Map<string, DocumentShape>>();

  return ({ query, document, operationName, variables }) => {
    const byName = shapes.get(document) ?? new Map<string, DocumentShape>();
    shapes.set(document, byName);
    const name = operationName ?? '';
    const shape = byName.get(name) ?? shapeOf(query, document, operationName);
    byName.set(name, shape);
    const relevant = Object.entries(variables ?? {}).filter(([variable]) => !shape.ignored.has(variable));
    relevant.sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([shape.text, name, relevant]);
  };
}

function shapeOf(query: string, document: DocumentNode, operationName: string | null | undefined): DocumentShape {
  const operation = getOperationAST(document, operationName);
  const ignored = new Set<string>();
  if (!operation) return { text: query, ignored };
  const cuts: { start: number; end: number }[] = [];
  for (const field of operation.selectionSet.selections) {
    if (field.kind !== Kind.FIELD) continue;
    for (const { name, value } of field.arguments ?? []) {
      if (!BEGINNING.has(name.value)) continue;
      if (value.kind === Kind.VARIABLE) {
        if (countUses(document, operation, value.name.value) === 1) ignored.add(value.name.value);
      } else if (value.loc) cuts.push(value.loc);
    }
  }
  let text = '';
  let from = 0;
  for (const { start, end } of cuts.toSorted((one, other) => one.start - other.start)) {
    // Blanked and not left out: errors tell the line and the column of their field, and what stands behind must stand in the same place.
    text += query.slice(from, start) + query.slice(start, end).replace(/[^\r\n]/g, ' ');
    from = end;
  }
  return { text: text + query.slice(from), ignored };
}

/** In the operation and in every fragment, since one of them may be spread in it. */
function countUses(document: DocumentNode, operation: OperationDefinitionNode, variable: string): number {
  let uses = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && definition !== operation) continue;
    visit(definition, {
      VariableDefinition: () => false,
      Variable(node) {
        if (node.name.value === variable) uses++;
      },
    });
  }
  return uses;
}
