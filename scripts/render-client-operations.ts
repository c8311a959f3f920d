import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
  visit,
} from 'graphql';

/** What custom scalars are in JSON. */
const SCALARS = { DateTime: 'string', Date: 'string', NonNegativeInt: 'number', JSON: 'unknown' };

const HEADER = `/** Generated from operations.graphql and schema.graphql by \`npm run client:operations\`. */
import type { OperationDocument } from './operation-document.ts';
`;

/**
 * A module with the types of all operations and, for each, a constant of its name: its text with the fragments it uses, and its types.
 * @throws Error when an operation is not valid in the schema
 */
export async function renderClientOperations(schemaText: string, operationsText: string): Promise<string> {
  const schema = buildSchema(schemaText);
  const document = parse(operationsText);
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(errors.map((error) => error.toString()).join('\n\n'));
  const types = await codegen({
    filename: 'operations.ts',
    schema: parse(schemaText),
    schemaAst: schema,
    documents: [{ location: 'operations.graphql', document }],
    plugins: [{ types: {} }],
    pluginMap: { types: typescriptOperations },
    config: {
      scalars: SCALARS,
      strictScalars: true,
      immutableTypes: true,
      useTypeImports: true,
      skipTypename: true,
      dedupeFragments: true,
    },
  });
  return format([HEADER, types, ...operationsOf(document).map((operation) => renderConstant(document, operation))].join('\n'));
}

/** As the repository's other sources are. */
function format(source: string): string {
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  return execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=src/client/operations.ts'], {
    input: source,
    encoding: 'utf8',
  });
}

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

function renderConstant(document: DocumentNode, operation: OperationDefinitionNode): string {
  const name = operation.name!.value;
  const kind = operation.operation[0]!.toUpperCase() + operation.operation.slice(1);
  const text = [operation, ...fragmentsOf(document, operation)].map(print).join('\n\n');
  return `export const ${name}: OperationDocument<${name}${kind}, ${name}${kind}Variables> = \`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\`;\n`;
}

/** The fragments that an operation or a fragment uses, each once. */
function fragmentsOf(document: DocumentNode, from: OperationDefinitionNode | FragmentDefinitionNode): FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  visit(from, {
    FragmentSpread(spread) {
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === spread.name.value,
      ) as FragmentDefinitionNode;
      found.add(fragment);
      for (const inner of fragmentsOf(document, fragment)) found.add(inner);
    },
  });
  return [...found];
}
