import type { WrittenList } from '../schema/context.ts';
import { jsonPieces } from './json-pieces.ts';

/** A list that is text already. Whoever makes JSON of it without knowing that gets the same, but slower. */
class WrittenText {
  readonly pieces: readonly string[];

  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
  }

  toJSON(): unknown {
    return JSON.parse(this.pieces.join(''));
  }
}

/**
 * The text of an answer with lists that are text already, in pieces: whoever iterates may do other work between two of them.
 *
 * @param data as it may stand in an answer. Where each of the lists belongs it has an empty one, unless something above it is null; that is replaced by the written one
 */
export function* answerPieces(data: unknown, lists: readonly WrittenList[]): Generator<string, void> {
  yield* piecesOf(data, putIn(data, lists));
}

/** @returns the objects and lists on the way to them */
function putIn(data: unknown, lists: readonly WrittenList[]): ReadonlySet<unknown> {
  const above = new Set<unknown>();
  for (const { path, pieces } of lists) {
    let at = data;
    for (const [index, key] of path.entries()) {
      if (typeof at !== 'object' || at === null) break;
      above.add(at);
      const members = at as Record<string | number, unknown>;
      at = members[key];
      if (index === path.length - 1 && Array.isArray(at)) members[key] = new WrittenText(pieces);
    }
  }
  return above;
}

function* piecesOf(value: unknown, above: ReadonlySet<unknown>): Generator<string, void> {
  if (value instanceof WrittenText) yield* value.pieces;
  else if (typeof value !== 'object') yield JSON.stringify(value);
  else if (!above.has(value)) yield* jsonPieces(value);
  else {
    const isList = Array.isArray(value);
    let before = isList ? '[' : '{';
    for (const [name, member] of Object.entries(value as object)) {
      if (member === undefined) continue;
      yield isList ? before : `${before}${JSON.stringify(name)}:`;
      yield* piecesOf(member, above);
      before = ',';
    }
    yield isList ? ']' : '}';
  }
}
