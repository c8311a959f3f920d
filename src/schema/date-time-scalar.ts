import { GraphQLScalarType } from 'graphql';
import { DateTimeResolver } from 'graphql-scalars';

/** DateTime of graphql-scalars, with the text of the answer made at once: a Date in an answer makes JSON.stringify leave its fast path for the whole of it. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  ...DateTimeResolver.toConfig(),
  serialize: rememberingLast((value) => (DateTimeResolver.serialize(value) as Date).toISOString()),
});

/** Neighbours in a list are often of one moment: results that were stored together, buckets of several groups. */
function rememberingLast(textOf: (value: unknown) => string): (value: unknown) => string {
  let lastMs = Number.NaN;
  let lastText = '';
  return (value) => {
    if (!(value instanceof Date)) return textOf(value);
    const ms = value.getTime();
    // Never of an invalid one, which is NaN.
    if (ms === lastMs) return lastText;
    const text = textOf(value);
    lastMs = ms;
    lastText = text;
    return text;
  };
}
