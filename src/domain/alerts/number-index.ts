import type { CompiledRule } from './compiled-rule.ts';
import { createLevelIndex, type LevelIndex } from './level-index.ts';
import type { MetricSample, SeriesSource, SubjectKind } from './series-source.ts';
import { createSeriesWindow, type SavedWindow, type SeriesWindow } from './series-window.ts';

/** The samples one window keeps, to go on after a restart. */
export interface SavedSeries {
  readonly of: SubjectKind;
  readonly subject: string;
  readonly metric: string;
  readonly transformKey: string;
  readonly atMs: number;
  readonly window: SavedWindow;
}

/** The rules about numbers. It computes what they read, once for all of them, and says which of them a sample can concern. */
export interface NumberIndex {
  add(rule: CompiledRule): void;
  remove(rule: CompiledRule): void;
  /** Visits the rules whose level the (transformed) value has crossed, those that count samples, and those that were to see the next one. The visitor must not change the index. */
  accept(sample: MetricSample, visit: (rule: CompiledRule, value: number) => void): void;
  /** The rule sees the next sample whatever its value. @param subject null: of every subject */
  refresh(rule: CompiledRule, subject: string | null): void;
  save(): SavedSeries[];
  /** To be called before samples come. */
  restore(saved: readonly SavedSeries[]): void;
}

/** Rules that read the same transform of the same metric, of one subject or of each. */
interface Readers {
  readonly rules: Set<CompiledRule>;
  readonly levels: LevelIndex<CompiledRule>;
  /** Those that count samples. */
  readonly counting: Set<CompiledRule>;
}

/** One transform of one series. */
interface Derived {
  readonly window: SeriesWindow;
  /** The last known value; NaN before. */
  last: number;
  readonly fresh: Set<CompiledRule>;
}

interface Series {
  readonly subject: string;
  atMs: number;
  sampleId: string;
  readonly derived: Map<string, Derived>;
}

/** One metric of one kind of subjects. */
interface Metric {
  readonly of: SubjectKind;
  readonly metric: string;
  /** By subject, null for each of them, then by transform. */
  readonly readers: Map<string | null, Map<string, Readers>>;
  readonly series: Map<string, Series>;
}

type Metrics = Map<SubjectKind, Map<string, Metric>>;

const NONE: readonly CompiledRule[] = [];

export function createNumberIndex(): NumberIndex {
  const metrics: Metrics = new Map();

  function metricOf({ of, metric }: Pick<SeriesSource, 'of' | 'metric'>): Metric {
    const ofKind = getOrMake(metrics, of, () => new Map<string, Metric>());
    return getOrMake(ofKind, metric, () => ({ of, metric, readers: new Map(), series: new Map() }));
  }

  function refresh(rule: CompiledRule, only: string | null): void {
    const source = sourceOf(rule);
    const { series } = metricOf(source);
    const wanted = only ?? source.subject;
    for (const one of wanted === null ? series.values() : [series.get(wanted)]) one?.derived.get(rule.transformKey)?.fresh.add(rule);
  }

  function readersOf(metric: Metric, subject: string | null, transformKey: string): Readers {
    const byTransform = getOrMake(metric.readers, subject, () => new Map<string, Readers>());
    return getOrMake(byTransform, transformKey, () => ({ rules: new Set(), levels: createLevelIndex(), counting: new Set() }));
  }

  function visitReaders(
    { levels, counting }: Readers,
    from: number,
    value: number,
    visit: (rule: CompiledRule, value: number) => void,
  ): void {
    levels.crossed(from, value, (rule) => visit(rule, value));
    if (counting.size > 0) for (const rule of counting) visit(rule, value);
  }

  /** @param others that read the same of every subject */
  function take(
    series: Series,
    transformKey: string,
    readers: Readers,
    others: Readers | undefined,
    { value, atMs }: MetricSample,
    visit: (rule: CompiledRule, value: number) => void,
  ): void {
    let derived = series.derived.get(transformKey);
    if (derived === undefined) {
      const [first] = readers.rules;
      derived = derivedOf(series, first!);
    }
    const from = derived.last;
    const to = derived.window.add(value!, atMs);
    if (Number.isNaN(to)) return;
    derived.last = to;
    const fresh = derived.fresh.size > 0 ? [...derived.fresh] : NONE;
    if (fresh !== NONE) derived.fresh.clear();
    visitReaders(readers, from, to, visit);
    if (others) visitReaders(others, from, to, visit);
    for (const rule of fresh) visit(rule, to);
  }

  return {
    refresh(rule, subject) {
      const source = sourceOf(rule);
      const only = subject ?? source.subject;
      // Also of a subject of which nothing has come since the restart.
      if (only !== null) derivedOf(seriesOf(metricOf(source), only), rule);
      refresh(rule, only);
    },
    add(rule) {
      const source = sourceOf(rule);
      const readers = readersOf(metricOf(source), source.subject, rule.transformKey);
      readers.rules.add(rule);
      if (rule.rule.occurrences) readers.counting.add(rule);
      else readers.levels.add(rule.level!, rule);
      refresh(rule, null);
    },
    remove(rule) {
      const source = sourceOf(rule);
      const metric = metricOf(source);
      const readers = readersOf(metric, source.subject, rule.transformKey);
      readers.rules.delete(rule);
      readers.counting.delete(rule);
      if (!rule.rule.occurrences) readers.levels.remove(rule.level!, rule);
      for (const { derived } of metric.series.values()) derived.get(rule.transformKey)?.fresh.delete(rule);
      if (readers.rules.size === 0) drop(metrics, metric, source.subject, rule.transformKey);
    },
    accept(sample, visit) {
      const { value, atMs, id, subject } = sample;
      const metric = metrics.get(sample.of)?.get(sample.metric);
      if (!metric || value === null || !Number.isFinite(value)) return;
      const named = metric.readers.get(subject);
      const any = metric.readers.get(null);
      if (!named && !any) return;
      const series = seriesOf(metric, subject);
      if (atMs < series.atMs || id === series.sampleId) return;
      series.atMs = atMs;
      series.sampleId = id;
      if (named) for (const [key, readers] of named) take(series, key, readers, any?.get(key), sample, visit);
      if (any) for (const [key, readers] of any) if (!named?.has(key)) take(series, key, readers, undefined, sample, visit);
    },
    save: () => [...metrics.values()].flatMap((ofKind) => [...ofKind.values()].flatMap(savedOf)),
    restore(saved) {
      for (const { of, subject, metric, transformKey, atMs, window } of saved) {
        const known = metrics.get(of)?.get(metric);
        const readers = known?.readers.get(subject)?.get(transformKey) ?? known?.readers.get(null)?.get(transformKey);
        const [rule] = readers?.rules ?? [];
        if (!known || !rule) continue;
        const series = seriesOf(known, subject);
        series.atMs = Math.max(series.atMs, atMs);
        series.derived.set(transformKey, { window: createSeriesWindow(rule.transform!, window), last: Number.NaN, fresh: new Set() });
      }
    },
  };
}

function sourceOf({ rule }: CompiledRule): SeriesSource {
  const { condition } = rule;
  if (condition.kind === 'MATCH' || condition.kind === 'ENTER_EXIT')
    throw new TypeError(`expected a condition on a number, got ${condition.kind}`);
  return condition.source;
}

function seriesOf({ series }: Metric, subject: string): Series {
  return getOrMake(series, subject, () => ({ subject, atMs: Number.NEGATIVE_INFINITY, sampleId: '', derived: new Map<string, Derived>() }));
}

function derivedOf({ derived }: Series, { transform, transformKey }: CompiledRule): Derived {
  return getOrMake(derived, transformKey, () => ({
    window: createSeriesWindow(transform!),
    last: Number.NaN,
    fresh: new Set<CompiledRule>(),
  }));
}

/** Forgets readers without rules, and what only they had computed. */
function drop(metrics: Metrics, metric: Metric, subject: string | null, transformKey: string): void {
  const byTransform = metric.readers.get(subject);
  byTransform?.delete(transformKey);
  if (byTransform?.size === 0) metric.readers.delete(subject);
  const isReadOfEach = metric.readers.get(null)?.has(transformKey) === true;
  for (const series of metric.series.values()) {
    if (!isReadOfEach && !metric.readers.get(series.subject)?.has(transformKey)) series.derived.delete(transformKey);
    if (series.derived.size === 0) metric.series.delete(series.subject);
  }
  if (metric.readers.size === 0) metrics.get(metric.of)?.delete(metric.metric);
}

function savedOf({ of, metric, series }: Metric): SavedSeries[] {
  return [...series.values()].flatMap(({ subject, atMs, derived }) =>
    [...derived]
      .filter(([key]) => key !== 'VALUE' && Number.isFinite(atMs))
      .map(([transformKey, { window }]) => ({ of, subject, metric, transformKey, atMs, window: window.save() })),
  );
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
