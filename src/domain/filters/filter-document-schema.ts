import { METRICS } from '../candidates/metric.ts';
import { STRATEGY_IDS } from '../strategies/strategy-id.ts';
import { FILTER_DOCUMENT_FORMAT, FILTER_DOCUMENT_VERSION, MOST_DOCUMENT_FILTERS } from './filter-document.ts';
import { FILTER_VISIBILITIES } from './filter-visibility.ts';
import { MOST_GROUPS } from './parse-filter-criteria.ts';
import { LONGEST_COOLDOWN_SECONDS, MOST_FILTER_RESULTS } from './parse-filter-limits.ts';
import { MOST_VALUES } from './parse-set-criterion.ts';

/** Where the server answers with it. */
export const FILTER_DOCUMENT_SCHEMA_PATH = '/schemas/filters-1.json';

type JsonSchema = Readonly<Record<string, unknown>>;

const OPTIONAL_NUMBER: JsonSchema = { type: ['number', 'null'] };

/**
 * JSON Schema (draft 2020-12) of documents with filters. Says of their form what a schema can; that bounds are in order, dates exist and groups are not too deep is
 * checked when they are imported.
 */
export function filterDocumentSchema(): JsonSchema {
  const metrics = METRICS.map(({ name, description }) => [name, { description, anyOf: [{ $ref: '#/$defs/range' }, { type: 'null' }] }]);
  const groups = (description: string) => ({
    description,
    type: ['array', 'null'],
    maxItems: MOST_GROUPS,
    items: { $ref: '#/$defs/criteria' },
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Filters of Strikewire',
    type: 'object',
    required: ['format', 'version', 'filters'],
    additionalProperties: false,
    properties: {
      $schema: { description: 'Address of this schema, for editors.', type: 'string' },
      format: { const: FILTER_DOCUMENT_FORMAT },
      version: { const: FILTER_DOCUMENT_VERSION },
      filters: { type: 'array', minItems: 1, maxItems: MOST_DOCUMENT_FILTERS, items: { $ref: '#/$defs/filter' } },
    },
    $defs: {
      filter: object(
        {
          name: {
            description: 'Different from the others, whatever the case of its letters.',
            type: 'string',
            minLength: 1,
            maxLength: 100,
          },
          description: { description: 'What it is for.', type: 'string', maxLength: 2_000 },
          criteria: { $ref: '#/$defs/criteria' },
          limits: { anyOf: [{ $ref: '#/$defs/limits' }, { type: 'null' }] },
          enabled: { description: 'Whether the scanner applies it.', type: 'boolean', default: true },
          visibility: { description: 'Who sees it and what it finds.', enum: FILTER_VISIBILITIES, default: 'SHARED' },
        },
        ['name', 'criteria'],
      ),
      criteria: {
        description: 'What a result must be like: everything stated must hold. Nothing stated matches everything.',
        ...object({
          symbols: { description: 'Underlyings by symbol.', anyOf: [setOf({ type: 'string', minLength: 1 }), { type: 'null' }] },
          strategies: { description: 'Strategies.', anyOf: [setOf({ enum: STRATEGY_IDS }), { type: 'null' }] },
          expiration: {
            description: 'Expiration of the nearest leg: inclusive calendar dates.',
            anyOf: [object({ min: DATE, max: DATE }), { type: 'null' }],
          },
          ...Object.fromEntries(metrics),
          all: groups('Every group must hold.'),
          any: groups('At least one group must hold, when there are some.'),
          none: groups('No group may hold.'),
        }),
      },
      range: {
        description: 'Inclusive bounds; or isNull: passes only when the value is unknown (true) or known (false).',
        ...object({ min: OPTIONAL_NUMBER, max: OPTIONAL_NUMBER, isNull: { type: ['boolean', 'null'] } }),
      },
      limits: {
        description: 'What it takes at most.',
        ...object({
          resultsPerUnderlying: {
            description: 'Results of one underlying in one pass.',
            type: ['integer', 'null'],
            minimum: 1,
            maximum: MOST_FILTER_RESULTS,
          },
          minimumScore: { description: 'Lowest score that is stored.', type: ['number', 'null'], minimum: 0, maximum: 100 },
          cooldownSeconds: {
            description: 'How long the same legs are not stored again, seconds.',
            type: ['integer', 'null'],
            minimum: 1,
            maximum: LONGEST_COOLDOWN_SECONDS,
          },
        }),
      },
    },
  };
}

const DATE: JsonSchema = { type: ['string', 'null'], pattern: '^\\d{4}-\\d{2}-\\d{2}$' };

function object(properties: JsonSchema, required: readonly string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 && { required }) };
}

function setOf(items: JsonSchema): JsonSchema {
  return object({
    in: { type: ['array', 'null'], minItems: 1, maxItems: MOST_VALUES, items },
    notIn: { type: ['array', 'null'], maxItems: MOST_VALUES, items },
  });
}
