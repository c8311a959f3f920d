import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { refusal } from './refusal.ts';

/** How GETs are read: `query`, `operationName`, and `variables` and `extensions` as JSON objects. */
export function useAddressParameters(): Plugin {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(() => parametersOf(url.searchParams));
    },
  };
}

function parametersOf(search: URLSearchParams): GraphQLParams {
  const query = search.get('query') || undefined;
  const operationName = search.get('operationName') || undefined;
  const variables = objectIn(search, 'variables');
  const extensions = objectIn(search, 'extensions');
  return {
    ...(query && { query }),
    ...(operationName && { operationName }),
    ...(variables && { variables }),
    ...(extensions && { extensions }),
  };
}

function objectIn(search: URLSearchParams, name: string): Record<string, unknown> | undefined {
  const text = search.get(name);
  if (!text) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(400, 'BAD_REQUEST', `expected JSON in the parameter ${name}, got something else`);
  }
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw refusal(400, 'BAD_REQUEST', `expected a JSON object in the parameter ${name}`);
  return value as Record<string, unknown>;
}
