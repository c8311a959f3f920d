import { GraphQLError, Kind, OperationTypeNode, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';

const CONDITIONS = new Set(['skip', 'include']);

/**
 * Nothing at the top of a subscription may depend on @skip or @include: without its one field there is nothing to subscribe to. GraphQL, September 2025, 5.2.4.1;
 * graphql-js 16 does not look, and fails when it subscribes.
 */
export const UnconditionalSubscriptionRule: ValidationRule = (context: ValidationContext) => {
  const seen = new Set<string>();

  function check({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) {
        if (!CONDITIONS.has(directive.name.value)) continue;
        const message = `expected the top of a subscription without @skip and @include, got @${directive.name.value}`;
        context.reportError(new GraphQLError(message, { nodes: directive }));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) check(fragment.selectionSet);
    }
  }

  return {
    OperationDefinition(operation) {
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) check(operation.selectionSet);
    },
  };
};
