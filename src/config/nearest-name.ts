import { distance } from 'fastest-levenshtein';

export interface KnownName {
  /** What is suggested. */
  readonly name: string;
  /** Other names people give to the same thing. */
  readonly alsoKnownAs?: readonly string[];
}

/** Case and separators are the usual slips: `restURL`, `rest_url` and `rest-url` are one word. */
function essence(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * The known name that `unknown` most likely means, by edit distance. A dotted name also matches by its last part alone (`port` means `server.port`);
 * of equal matches the one whose whole name is nearer wins. Undefined only when nothing is known.
 */
export function nearestName(unknown: string, known: readonly KnownName[]): string | undefined {
  let nearest: string | undefined;
  let nearestCost = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  for (const { name, alsoKnownAs = [] } of known) {
    const whole = distance(essence(unknown), essence(name));
    const last = distance(essence(lastWord(unknown)), essence(lastWord(name)));
    const others = alsoKnownAs.map((other) => distance(essence(unknown), essence(other)));
    const best = Math.min(whole, last, ...others);
    if (best < nearestCost[0] || (best === nearestCost[0] && whole < nearestCost[1])) {
      nearest = name;
      nearestCost = [best, whole];
    }
  }
  return nearest;
}
