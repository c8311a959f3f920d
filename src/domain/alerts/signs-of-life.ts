import type { SeriesSource } from './series-source.ts';

/** What is known of the presence of one series of numbers. */
export interface SignOfLife<Watcher> {
  /** When it was last seen, epoch milliseconds; null: never. */
  atMs: number | null;
  /** The watchers that its next sample concerns: the others wait for their deadlines. */
  awaiting: Set<Watcher> | null;
}

/** When which series of numbers were last seen. */
export interface SignsOfLife<Watcher> {
  /** Made when it isn't there. */
  of(source: Pick<SeriesSource, 'of' | 'metric'>, subject: string): SignOfLife<Watcher>;
  /** Epoch milliseconds, not later than `nowMs`: the clock may have gone back since; null: never. */
  seenAtMs(source: Pick<SeriesSource, 'of' | 'metric'>, subject: string, nowMs: number): number | null;
  /** The subjects of which the metric has been seen. */
  subjects(source: Pick<SeriesSource, 'of' | 'metric'>): string[];
  /** The clock has gone back: nothing was seen later than that. */
  setBack(nowMs: number): void;
}

export function createSignsOfLife<Watcher>(): SignsOfLife<Watcher> {
  type BySubject = Map<string, SignOfLife<Watcher>>;
  /** By kind, metric and subject: a key for each sample would have to be put together. */
  const kinds = new Map<string, Map<string, BySubject>>();

  const bySubjectOf = ({ of, metric }: Pick<SeriesSource, 'of' | 'metric'>) => kinds.get(of)?.get(metric);

  function make({ of, metric }: Pick<SeriesSource, 'of' | 'metric'>, subject: string): SignOfLife<Watcher> {
    const byMetric = kinds.get(of) ?? new Map<string, BySubject>();
    const bySubject: BySubject = byMetric.get(metric) ?? new Map();
    const sign: SignOfLife<Watcher> = { atMs: null, awaiting: null };
    kinds.set(of, byMetric.set(metric, bySubject.set(subject, sign)));
    return sign;
  }

  return {
    of: (source, subject) => bySubjectOf(source)?.get(subject) ?? make(source, subject),
    seenAtMs(source, subject, nowMs) {
      const atMs = bySubjectOf(source)?.get(subject)?.atMs ?? null;
      return atMs === null ? null : Math.min(atMs, nowMs);
    },
    subjects: (source) => [...(bySubjectOf(source) ?? [])].filter(([, { atMs }]) => atMs !== null).map(([subject]) => subject),
    setBack(nowMs) {
      for (const byMetric of kinds.values())
        for (const bySubject of byMetric.values())
          for (const sign of bySubject.values()) if (sign.atMs !== null && sign.atMs > nowMs) sign.atMs = nowMs;
    },
  };
}
