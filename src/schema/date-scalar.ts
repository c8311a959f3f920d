import { GraphQLScalarType } from 'graphql';
import { DateResolver } from 'graphql-scalars';

/** More dates than a chain has expirations. */
const MOST_REMEMBERED = 1_000;

/** Date of graphql-scalars; the rows of an answer have few dates between them, and what was found to be one is not looked at again. */
export const DateScalar = new GraphQLScalarType({ ...DateResolver.toConfig(), serialize: rememberingTexts(DateResolver.serialize) });

function rememberingTexts<Text>(textOf: (value: unknown) => Text): (value: unknown) => Text {
  const known = new Map<string, Text>();
  return (value) => {
    if (typeof value !== 'string') return textOf(value);
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const text = textOf(value);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(value, text);
    return text;
  };
}
