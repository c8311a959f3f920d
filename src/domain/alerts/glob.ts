/** Longer than any label is allowed to be twice. */
export const LONGEST_GLOB = 500;

/**
 * Whether a text matches a pattern of alternatives (`SPX*|NDX`) in which `*` stands for any text and `?` for one character, and `\` takes the meaning from the next one.
 * At most length of pattern times length of text steps, whatever they are: unlike regular expressions, nobody can write one that takes long.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  return alternativesOf(pattern).some((alternative) => matchesOne(alternative, text));
}

const ANY_TEXT = Symbol('*');
const ANY_CHARACTER = Symbol('?');
type Token = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

function alternativesOf(pattern: string): Token[][] {
  const alternatives: Token[][] = [[]];
  for (let i = 0; i < pattern.length; i++) {
    const tokens = alternatives.at(-1)!;
    const character = pattern[i]!;
    if (character === '\\' && i + 1 < pattern.length) tokens.push(pattern[++i]!);
    else if (character === '|') alternatives.push([]);
    else if (character === '*') tokens.push(ANY_TEXT);
    else tokens.push(character === '?' ? ANY_CHARACTER : character);
  }
  return alternatives;
}

/** Greedy with one place to come back to: giving the last `*` one character more is enough. */
function matchesOne(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const token = tokens[next];
    if (token === ANY_TEXT) {
      star = next++;
      starAt = at;
    } else if (next < tokens.length && (token === ANY_CHARACTER || token === text[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[next] === ANY_TEXT) next++;
  return next === tokens.length;
}
