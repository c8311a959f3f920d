/*
 * What an event costs the evaluation of alert rules when there are 10,000 of them instead of 10: processor time of the engine per event, over the same stream of
 * observations, results, changes of opportunities and scan reports; rules of every kind, a sixth each, and of each kind alone. One in a hundred of the many is about what
 * happens in the stream, as are the ten.
 *
 * Beside the ratio stands how many evaluations came of an event: the target is about rules, not about what they find. Held against: trying each rule on each event, with
 * the same state machine; and for matches json-rules-engine, which looks for matching rules and keeps no state.
 *
 * The engine's transitions for a sample of the rules are compared with those of trying each of them on each event, and what json-rules-engine finds with what the screens
 * of the product find.
 */
import type { AlertRule } from '../dist/domain/alerts/alert-rule.js';
import { compileRule } from '../dist/domain/alerts/compiled-rule.js';
import { CONDITION_KINDS } from '../dist/domain/alerts/rule-condition.js';
import type { ScreenSubject } from '../dist/domain/alerts/screen-index.js';
import { makeAlertEvents, type TimedEvent } from './alerts/alert-events.ts';
import { makeAlertRules } from './alerts/alert-rules.ts';
import { createJsonRulesMatches } from './alerts/json-rules-matches.ts';
import { runEngine } from './alerts/run-engine.ts';
import { tryEveryRule } from './alerts/try-every-rule.ts';
import { median } from './live/median.ts';
import type { Report } from './report.ts';

const SCANS = 1_000;
const MANY = 10_000;
const FEW = 10;
const ROUNDS = 4;
/** Of the mixed rules the first sixty, those that much comes of, and every tenth of the others. */
const SAMPLE_FIRST = 60;
const SAMPLE_EVERY = 10;
/** Trying rules one by one takes long: it is done for a part of the stream. */
const SAMPLE_SCANS = 500;
const TRIED_SCANS = 20;
const JSON_RULES_RESULTS = 10;
const TARGET = 3;
const SEED = 5;

interface Measured {
  readonly name: string;
  /** Microseconds per event. */
  readonly few: number;
  readonly many: number;
  readonly outcomesOfFew: number;
  readonly outcomesOfMany: number;
}

/** A sixth of each kind, the likely ones of each first. */
function mixed(count: number): AlertRule[] {
  const ofKind = CONDITION_KINDS.map((kind) => makeAlertRules(kind, Math.ceil(MANY / CONDITION_KINDS.length), SEED));
  return Array.from({ length: count }, (_, index) => ofKind[index % ofKind.length]![Math.floor(index / ofKind.length)]!);
}

function measure(name: string, few: readonly AlertRule[], many: readonly AlertRule[], events: readonly TimedEvent[]): Measured {
  const runs = [few, many].map((rules) => ({ rules, microseconds: [] as number[], outcomes: 0 }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const run of round % 2 === 0 ? runs : runs.toReversed()) {
      const { microsecondsPerEvent, outcomes } = runEngine(run.rules, events, () => false);
      // The first one is for the compiler.
      if (round > 0) run.microseconds.push(microsecondsPerEvent);
      run.outcomes = outcomes;
    }
  }
  const [ofFew, ofMany] = runs.map(({ microseconds }) => median(microseconds)) as [number, number];
  const [outcomesOfFew, outcomesOfMany] = runs.map(({ outcomes }) => outcomes / events.length) as [number, number];
  return { name, few: ofFew, many: ofMany, outcomesOfFew, outcomesOfMany };
}

function microsecondsOf(events: number, work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / events;
}

/** @throws when the engine does not find what trying every rule finds */
function checkSample(rules: readonly AlertRule[]): { readonly rules: number; readonly events: number; readonly transitions: number } {
  const events = makeAlertEvents(SAMPLE_SCANS, SEED);
  const sample = rules.filter((_, index) => index < SAMPLE_FIRST || index % SAMPLE_EVERY === 0);
  const ids = new Set(sample.map(({ id }) => id));
  const found = runEngine(rules, events, (id) => ids.has(id)).transitions;
  const wanted = tryEveryRule(sample, events);
  const differing = wanted.findIndex((line, index) => line !== found[index]);
  if (differing !== -1 || wanted.length !== found.length || wanted.length === 0) {
    throw new Error(
      `expected ${wanted.length} transitions, got ${found.length}; first difference: ${wanted[differing]} and ${found[differing]}`,
    );
  }
  return { rules: sample.length, events: events.length, transitions: wanted.length };
}

function measureTryingEach(few: readonly AlertRule[], many: readonly AlertRule[]): Measured {
  const events = makeAlertEvents(TRIED_SCANS, SEED);
  const [ofFew, ofMany] = [few, many].map((rules) => microsecondsOf(events.length, () => tryEveryRule(rules, events))) as [number, number];
  return { name: 'mixed, each rule tried', few: ofFew, many: ofMany, outcomesOfFew: Number.NaN, outcomesOfMany: Number.NaN };
}

/** @throws when it does not find what the screens of the product find */
async function measureJsonRules(
  few: readonly AlertRule[],
  many: readonly AlertRule[],
  subjects: readonly ScreenSubject[],
): Promise<Measured> {
  const microseconds: number[] = [];
  let matches = 0;
  for (const rules of [few, many]) {
    const peer = createJsonRulesMatches(rules);
    const screens = rules.map((rule) => ({ id: rule.id, screen: compileRule(rule).screen! }));
    const found: string[][] = [];
    const begun = process.cpuUsage();
    for (const subject of subjects) found.push(await peer.matches(subject));
    const { user, system } = process.cpuUsage(begun);
    microseconds.push((user + system) / subjects.length);
    const wanted = subjects.map((subject) => screens.flatMap(({ id, screen }) => (screen.matches(subject) ? [id] : [])).toSorted());
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      throw new Error(`expected ${wanted.flat().length} matches, got ${found.flat().length}`);
    matches += wanted.flat().length;
  }
  if (matches === 0) throw new Error('expected results that match, got none');
  const [ofFew, ofMany] = microseconds as [number, number];
  return { name: 'results only, json-rules-engine', few: ofFew, many: ofMany, outcomesOfFew: Number.NaN, outcomesOfMany: Number.NaN };
}

export async function run(): Promise<Report> {
  const [few, many] = [mixed(FEW), mixed(MANY)];
  const checked = checkSample(many);
  const events = makeAlertEvents(SCANS, SEED);
  const results = events.filter(({ event }) => event.kind === 'RESULT');
  const ofKind = CONDITION_KINDS.map((kind) => ({ kind, few: makeAlertRules(kind, FEW, SEED), many: makeAlertRules(kind, MANY, SEED) }));
  const mix = measure('mixed', few, many, events);
  const kinds = ofKind.map((rules) => measure(rules.kind, rules.few, rules.many, events));
  const [matching] = ofKind as [(typeof ofKind)[number]];
  const onResults = measure('results only, MATCH', matching.few, matching.many, results);
  const trying = measureTryingEach(few, many);
  const subjects = results.flatMap(({ event }) => (event.kind === 'RESULT' ? [event.subject] : []));
  const jsonRules = await measureJsonRules(matching.few, matching.many, subjects.slice(0, JSON_RULES_RESULTS));
  const ratioOf = ({ few: ofFew, many: ofMany }: Measured) => ofMany / ofFew;
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    title: `${MANY.toLocaleString('en')} alert rules against ${FEW}: processor time of the engine for each event`,
    peers: ['json-rules-engine'],
    header: ['rules', `µs, ${FEW}`, `µs, ${MANY.toLocaleString('en')}`, 'ratio', 'events/s', `outcomes/event, ${FEW}`, 'of the many'],
    rows: [mix, ...kinds, onResults, trying, jsonRules].map((measured) => [
      measured.name,
      measured.few.toFixed(2),
      measured.many.toFixed(2),
      `${ratioOf(measured).toFixed(2)} ×`,
      Math.round(1e6 / measured.many).toLocaleString('en'),
      Number.isNaN(measured.outcomesOfFew) ? '-' : measured.outcomesOfFew.toFixed(4),
      Number.isNaN(measured.outcomesOfMany) ? '-' : measured.outcomesOfMany.toFixed(4),
    ]),
    notes: [
      `${events.length.toLocaleString('en')} events of ${SCANS.toLocaleString('en')} scans. Target, mixed: ≤ ${TARGET} ×; measured ${ratioOf(mix).toFixed(2)} ×.`,
      `${checked.transitions.toLocaleString('en')} transitions of ${checked.rules.toLocaleString('en')} rules over ${checked.events.toLocaleString('en')} events are those of trying each rule on each event.`,
    ],
    result: {
      ratio: round(ratioOf(mix)),
      eventsPerSecond: Math.round(1e6 / mix.many),
      microsecondsAtFew: round(mix.few),
      microsecondsAtMany: round(mix.many),
      ...Object.fromEntries(kinds.map((measured) => [`ratio${measured.name}`, round(ratioOf(measured))])),
      timesLessThanTryingEach: Math.round(trying.many / mix.many),
      timesLessThanJsonRulesEngine: Math.round(jsonRules.many / onResults.many),
      checkedTransitions: checked.transitions,
      targetMet: ratioOf(mix) <= TARGET,
    },
  };
}
