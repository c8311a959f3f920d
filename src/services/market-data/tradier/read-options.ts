import { jsonObject } from '../http/json-object.ts';
import { oneOrMany } from './one-or-many.ts';

/** The contracts of an answer of /markets/options/chains, not checked yet; empty when there are none. Throws FeedMalformedError. */
export function readOptions(document: unknown, source: string): readonly unknown[] {
  const { options } = jsonObject(document, source, '');
  return options === null ? [] : oneOrMany(jsonObject(options, source, 'options').option);
}
