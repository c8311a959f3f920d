import type { DocumentNode } from 'graphql';
import { type MeasureOptions, measureOperation, type OperationMeasure } from './measure-operation.ts';

/** Documents without variables need one, those with page sizes in variables a few. */
const REMEMBERED_VALUES = 32;
/** Names and times are shorter; longer texts mean nothing to the measure. */
const LONGEST_TEXT = 40;

interface Remembered {
  /** The variables the measure depends on. */
  readonly variables: ReadonlySet<string>;
  readonly byValues: Map<string, OperationMeasure>;
}

/** Measures each operation of a document once for each set of values that its measure depends on. For documents that are kept: yoga's parser gives the same for the same text. */
export function createRememberedMeasure(): (options: Omit<MeasureOptions, 'onVariable'>) => OperationMeasure {
  const documents = new WeakMap<DocumentNode, Map<string, Remembered>>();

  return (options) => {
    const { document, operationName, variables, defaultPageSize } = options;
    const operations = documents.get(document) ?? new Map<string, Remembered>();
    documents.set(document, operations);
    const name = operationName ?? '';
    const known = operations.get(name);
    if (known) {
      const measure = known.byValues.get(keyOf(known.variables, variables, defaultPageSize));
      if (measure) return measure;
    }
    // Which variables count may depend on the values of others; so the set only grows.
    const read = new Set(known?.variables);
    const measure = measureOperation({ ...options, onVariable: (variable) => read.add(variable) });
    const remembered =
      known && known.variables.size === read.size ? known : { variables: read, byValues: new Map<string, OperationMeasure>() };
    operations.set(name, remembered);
    if (remembered.byValues.size >= REMEMBERED_VALUES) remembered.byValues.clear();
    remembered.byValues.set(keyOf(remembered.variables, variables, defaultPageSize), measure);
    return measure;
  };
}

function keyOf(names: ReadonlySet<string>, variables: MeasureOptions['variables'], defaultPageSize: number): string {
  let key = String(defaultPageSize);
  for (const name of names) key += `,${variables && name in variables ? measured(variables[name]) : '-'}`;
  return key;
}

/** What the measure sees of a value: a number, the length of a list, the rate in a wish for delivery, an interval, the bounds of a range. */
function measured(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST_TEXT));
  if (Array.isArray(value)) return `[${value.length}`;
  if (typeof value === 'object' && value !== null && 'maxRatePerSecond' in value && typeof value.maxRatePerSecond === 'number') {
    return `{${value.maxRatePerSecond}`;
  }
  if (typeof value === 'object' && value !== null && ('from' in value || 'before' in value)) {
    const { from, before } = value as Readonly<Record<string, unknown>>;
    return `(${measured(from)}~${measured(before)})`;
  }
  return '?';
}
