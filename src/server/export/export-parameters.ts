import { ValidationError, type ValidationIssue } from '../../domain/errors/validation-error.ts';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.ts';

/** Which rows, as the address says it; what is left out: any. */
export interface ExportCriteria {
  /** JSON, not looked into yet. */
  readonly filter?: unknown;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly before?: string;
  readonly order?: string;
}

export interface ExportParameters {
  readonly format: ExportFormatName;
  readonly criteria: ExportCriteria;
  readonly after: string | null;
  /** Rows; null: as many as there are and are granted. */
  readonly limit: number | null;
  /** Null: all. */
  readonly columns: readonly string[] | null;
  /** Lines that tell how far it is, between those of NDJSON. */
  readonly progress: boolean;
}

const COMMON = ['format', 'after', 'limit', 'columns', 'progress'] as const;
const FORMAT_NAMES = Object.keys(EXPORT_FORMATS) as ExportFormatName[];

/**
 * @param accept the header; says the format when the address does not
 * @throws ValidationError with everything that is wrong
 */
export function parseExportParameters(
  given: URLSearchParams,
  criteriaNames: readonly (keyof ExportCriteria)[],
  accept: string | undefined,
): ExportParameters {
  const issues: ValidationIssue[] = [];
  const known = new Set<string>([...COMMON, ...criteriaNames]);
  for (const name of new Set(given.keys())) {
    if (!known.has(name))
      issues.push({ path: name.slice(0, 60), message: `expected one of ${[...known].join(', ')}, got another parameter` });
    else if (given.getAll(name).length > 1) issues.push({ path: name, message: 'expected it once, got it several times' });
  }

  const format = given.get('format') ?? formatAccepted(accept);
  if (!isFormat(format)) issues.push({ path: 'format', message: `expected ${FORMAT_NAMES.join(', ')}, got ${quote(format)}` });
  const progress = given.get('progress') ?? 'false';
  if (progress !== 'true' && progress !== 'false')
    issues.push({ path: 'progress', message: `expected true or false, got ${quote(progress)}` });
  else if (progress === 'true' && format !== 'ndjson')
    issues.push({ path: 'progress', message: `expected it with the format ndjson, got it with ${quote(format)}` });
  const limit = given.get('limit');
  if (limit !== null && !/^[1-9]\d{0,14}$/.test(limit))
    issues.push({ path: 'limit', message: `expected a count ≥ 1, got ${quote(limit)}` });
  const columns = given.get('columns');
  if (columns === '') issues.push({ path: 'columns', message: 'expected names joined by commas, got none' });
  const filter = jsonIn(given.get('filter'), issues);

  if (issues.length > 0) throw new ValidationError(issues);
  const [from, before, order] = [given.get('from'), given.get('before'), given.get('order')];
  return {
    format: format as ExportFormatName,
    criteria: {
      ...(filter !== undefined && { filter }),
      ...(from !== null && { from }),
      ...(before !== null && { before }),
      ...(order !== null && { order }),
    },
    after: given.get('after'),
    limit: limit === null ? null : Number(limit),
    columns: columns?.split(',') ?? null,
    progress: progress === 'true',
  };
}

function isFormat(name: string): name is ExportFormatName {
  return Object.hasOwn(EXPORT_FORMATS, name);
}

function formatAccepted(accept = ''): ExportFormatName {
  return FORMAT_NAMES.find((name) => accept.includes(EXPORT_FORMATS[name].contentType.split(';', 1)[0]!)) ?? 'ndjson';
}

function jsonIn(text: string | null, issues: ValidationIssue[]): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    issues.push({ path: 'filter', message: `expected JSON, got ${(error as SyntaxError).message.slice(0, 120)}` });
    return undefined;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
