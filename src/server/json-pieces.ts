/** What is made text in one go: well below a millisecond. */
const VALUES_AT_ONCE = 1_000;

/**
 * The text that JSON.stringify makes of a value, in pieces: whoever iterates may do other work between two of them. The pieces joined are the text.
 *
 * @param value as it may stand in an answer: no functions, nothing that refers to itself
 */
export function* jsonPieces(value: unknown): Generator<string, void> {
  if (valuesIn(value, VALUES_AT_ONCE) <= VALUES_AT_ONCE) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  if (Array.isArray(value)) {
    yield* listPieces(value);
    return;
  }
  let before = '{';
  for (const [name, member] of Object.entries(value as object)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* jsonPieces(member);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** Small neighbours together: a piece for each of them would take longer than their text. */
function* listPieces(list: readonly unknown[]): Generator<string, void> {
  let before = '[';
  let from = 0;
  let weight = 0;
  for (let index = 0; index < list.length; index++) {
    const own = valuesIn(list[index], VALUES_AT_ONCE);
    if (from < index && weight + own > VALUES_AT_ONCE) {
      yield before + inner(list.slice(from, index));
      before = ',';
      from = index;
      weight = 0;
    }
    weight += own;
    if (own <= VALUES_AT_ONCE) continue;
    yield before;
    yield* jsonPieces(list[index]);
    before = ',';
    from = index + 1;
    weight = 0;
  }
  yield from < list.length ? `${before}${inner(list.slice(from))}]` : ']';
}

function inner(list: readonly unknown[]): string {
  return JSON.stringify(list).slice(1, -1);
}

/** How many values JSON has of it, itself included; counted until there are more than `most`. */
function valuesIn(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return 1;
  let count = 1;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    count += valuesIn(member, most - count);
    if (count > most) break;
  }
  return count;
}
