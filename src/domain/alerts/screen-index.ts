import { METRICS } from '../candidates/metric.ts';
import type { FilterSubject } from '../filters/matches-node.ts';
import { createMetricSamples } from './metric-samples.ts';
import type { Screen } from './rule-condition.ts';
import { createScreenBucket, type ScreenBucket } from './screen-bucket.ts';

/** A scan result as screens see it. */
export interface ScreenSubject extends FilterSubject {
  readonly filterId: string;
  /** The position within its filter. */
  readonly legsKey: string;
}

/**
 * Screens of many rules, arranged so that a result visits only those whose filter, symbols, strategies and most telling range it meets: a rule costs something when it
 * is nearly met, not because it is there. A visitor must not change the index.
 */
export interface ScreenIndex<T> {
  add(screen: Screen, item: T): void;
  remove(screen: Screen, item: T): void;
  /** Visits each screen that the subject could pass, once; the whole criteria are for the visitor to test. */
  candidates(subject: ScreenSubject, visit: (item: T) => void): void;
  /** Visits each screen that is about the subject's filter, symbol and strategy, whatever its metrics. */
  concerned(subject: Omit<ScreenSubject, 'metrics'>, visit: (item: T) => void): void;
}

/** A screen of more symbols times strategies than this stands in fewer buckets, for any strategy. */
const MOST_BUCKETS = 64;
const ANY = '';

type ByStrategy<T> = Map<string, ScreenBucket<T>>;
type BySymbol<T> = Map<string, ByStrategy<T>>;

export function createScreenIndex<T>(): ScreenIndex<T> {
  const samples = createMetricSamples(METRICS.map(({ name }) => name));
  /** By filter, symbol and strategy; each may be any. */
  const buckets = new Map<string, BySymbol<T>>();

  function eachBucket({ filterId, symbol, strategy }: Omit<ScreenSubject, 'metrics'>, visit: (bucket: ScreenBucket<T>) => void): void {
    if (buckets.size === 0) return;
    ofFilter(buckets.get(filterId), symbol, strategy, visit);
    ofFilter(buckets.get(ANY), symbol, strategy, visit);
  }

  return {
    add(screen, item) {
      for (const [filterId, symbol, strategy] of placesOf(screen)) {
        const bySymbol = getOrMake(buckets, filterId, (): BySymbol<T> => new Map());
        const byStrategy = getOrMake(bySymbol, symbol, (): ByStrategy<T> => new Map());
        getOrMake(byStrategy, strategy, () => createScreenBucket<T>(samples)).add(item, screen.criteria);
      }
    },
    remove(screen, item) {
      for (const [filterId, symbol, strategy] of placesOf(screen)) {
        const bySymbol = buckets.get(filterId);
        const byStrategy = bySymbol?.get(symbol);
        const bucket = byStrategy?.get(strategy);
        if (!bucket?.remove(item) || bucket.size() > 0) continue;
        byStrategy!.delete(strategy);
        if (byStrategy!.size === 0) bySymbol!.delete(symbol);
        if (bySymbol!.size === 0) buckets.delete(filterId);
      }
    },
    candidates(subject, visit) {
      if (buckets.size === 0) return;
      samples.note(subject.metrics);
      eachBucket(subject, (bucket) => bucket.candidates(subject.metrics, visit));
    },
    concerned(subject, visit) {
      eachBucket(subject, (bucket) => {
        for (const item of bucket.all()) visit(item);
      });
    },
  };
}

function placesOf({ filterId, criteria }: Screen): [filterId: string, symbol: string, strategy: string][] {
  const symbols = criteria.symbols?.in ?? [ANY];
  const wanted = criteria.strategies?.in ?? [ANY];
  const strategies = symbols.length * wanted.length > MOST_BUCKETS ? [ANY] : wanted;
  return symbols.flatMap((symbol) => strategies.map((strategy): [string, string, string] => [filterId ?? ANY, symbol, strategy]));
}

function ofFilter<T>(bySymbol: BySymbol<T> | undefined, symbol: string, strategy: string, visit: (bucket: ScreenBucket<T>) => void): void {
  if (!bySymbol) return;
  ofSymbol(bySymbol.get(symbol), strategy, visit);
  ofSymbol(bySymbol.get(ANY), strategy, visit);
}

function ofSymbol<T>(byStrategy: ByStrategy<T> | undefined, strategy: string, visit: (bucket: ScreenBucket<T>) => void): void {
  if (!byStrategy) return;
  const named = byStrategy.get(strategy);
  if (named) visit(named);
  const any = byStrategy.get(ANY);
  if (any) visit(any);
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
