import type { Plugin } from 'graphql-yoga';
import { refusal } from '../refusal.ts';

/** What a request says of its document, on every transport. */
export interface DocumentRequest {
  readonly query?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  /** `sha256:` and the hash, as the appendix of GraphQL over HTTP has it. */
  readonly documentId?: unknown;
}

/** Finds documents that may be asked for by their hash. */
export interface PersistedDocuments {
  /**
   * The document a request means; undefined when it names none.
   *
   * @throws GraphQLError when its hash is not known, or only known documents are answered and this is none
   */
  resolve(request: DocumentRequest): string | undefined;
}

export interface PersistedDocumentsDeps {
  /** By SHA-256, hexadecimal. */
  readonly documents: ReadonlyMap<string, string>;
  /** Nothing else is answered. */
  readonly isOnly: boolean;
}

export function createPersistedDocuments({ documents, isOnly }: PersistedDocumentsDeps): PersistedDocuments {
  const texts = new Set(documents.values());
  return {
    resolve(request) {
      const { query } = request;
      const hash = hashIn(request);
      // A text wins: a hash beside it asks to keep it, which is not done here.
      if (typeof query === 'string' && query !== '') {
        if (isOnly && !texts.has(query))
          throw refusal(403, 'PERSISTED_QUERY_ONLY', 'expected an operation of the allow-list, got another document');
        return query;
      }
      if (hash === null) return query ?? undefined;
      const document = documents.get(hash);
      if (document === undefined)
        throw refusal(404, 'PERSISTED_QUERY_NOT_FOUND', 'expected the hash of an operation of the allow-list, got another one');
      return document;
    },
  };
}

/** Over HTTP. Other transports ask for themselves. */
export function usePersistedDocuments(documents: PersistedDocuments): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null) return;
      const query = documents.resolve(params);
      if (query !== undefined && query !== params.query) setParams({ ...params, query });
    },
  };
}

function hashIn({ extensions, documentId }: DocumentRequest): string | null {
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '').toLowerCase();
  const persisted = extensions?.persistedQuery;
  if (typeof persisted !== 'object' || persisted === null || !('sha256Hash' in persisted)) return null;
  return typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash.toLowerCase() : null;
}
