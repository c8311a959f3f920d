import { malformedFile } from '../decode/malformed-file.ts';
import { describeJson } from './describe-json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object, or FeedMalformedError naming source and path (empty: the document itself). */
export function jsonObject(value: unknown, source: string, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw malformedFile(source, path === '' ? '' : `field ${path}`, 'an object', describeJson(value));
}
