import { malformedFile } from '../decode/malformed-file.ts';
import { describeJson } from './describe-json.ts';

/** The value as an array, or FeedMalformedError naming source and path. */
export function jsonArray(value: unknown, source: string, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformedFile(source, `field ${path}`, 'an array', describeJson(value));
}
