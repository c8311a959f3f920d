import { Context, Liquid, type Template, toValueSync } from 'liquidjs';
import { nearestNameHint } from '../filters/nearest-name.ts';
import { escapeOutput, MESSAGE_FORMATS, type MessageFormat } from './escape-output.ts';
import type { MessageView } from './message-view.ts';
import { SAMPLE_MESSAGE_VIEW } from './sample-message-view.ts';

/** Templates in Liquid (https://shopify.github.io/liquid/), in a sandbox: no files, no other templates, no unescaped output, bounded in length, time and memory. */
export interface MessageTemplates {
  /** What is wrong with a template; null: nothing. */
  issue(text: string): string | null;
  /**
   * @param format what the template is written in: every value is escaped for it, its own text is not. A message for all channels is rendered as PLAIN, then the
   *   whole is escaped for each.
   * @throws Error when the template is not valid or goes beyond its limits; those of which `issue` said nothing rarely do
   */
  render(text: string, format: MessageFormat, view: MessageView): string;
}

const LONGEST_TEMPLATE = 10_000;
const LONGEST_MESSAGE = 20_000;
/** Elements and characters that filters and ranges may make. */
const MEMORY_LIMIT = 100_000;
/** For templates that loop for long without making anything; others take less than 1 ms. */
const RENDER_LIMIT_MS = 100;

const TAGS = new Set(['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', '#']);
/** None takes a regular expression, sorts, decodes, or takes back what has been escaped. */
const FILTERS = new Set(
  'abs at_least at_most ceil divided_by floor minus plus modulo times round last first join size append prepend downcase upcase capitalize strip truncate replace default date'.split(
    ' ',
  ),
);

/** The view's names; null: any name below. */
const NAMES: Readonly<Record<string, readonly string[] | null>> = {
  alert: Object.keys(SAMPLE_MESSAGE_VIEW.alert),
  rule: Object.keys(SAMPLE_MESSAGE_VIEW.rule),
  labels: null,
  group: null,
  result: Object.keys(SAMPLE_MESSAGE_VIEW.result!),
  isTest: [],
};

export function createMessageTemplates(): MessageTemplates {
  const engines = Object.fromEntries(MESSAGE_FORMATS.map((format) => [format, createEngine(format)])) as Record<MessageFormat, Liquid>;

  function render(text: string, format: MessageFormat, view: MessageView): string {
    const engine = engines[format];
    return renderBounded(engine, engine.parse(text), view);
  }

  return {
    issue(text) {
      if (text.length > LONGEST_TEMPLATE) return `expected at most ${LONGEST_TEMPLATE} characters, got ${text.length}`;
      try {
        const unknown = unknownName(engines.PLAIN, text);
        if (unknown !== null) return unknown;
        for (const view of [SAMPLE_MESSAGE_VIEW, { ...SAMPLE_MESSAGE_VIEW, result: null }]) render(text, 'PLAIN', view);
        return null;
      } catch (error) {
        return `expected a valid template, got ${error instanceof Error ? error.message : String(error)}`;
      }
    },
    render,
  };
}

function createEngine(format: MessageFormat): Liquid {
  const engine = new Liquid({
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    locale: 'en-US',
    outputEscape: (value: unknown) => escapeOutput(format, textOf(value)),
    parseLimit: LONGEST_TEMPLATE,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.has(name)) delete engine.filters[name];
  return engine;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Rendering that ends when the message becomes too long: what a loop writes is not counted by the limits of the engine. */
function renderBounded(engine: Liquid, templates: Template[], view: MessageView): string {
  const emitter = {
    buffer: '',
    write(part: unknown) {
      this.buffer += textOf(part);
      if (this.buffer.length > LONGEST_MESSAGE)
        throw new RangeError(`message limit exceeded: expected at most ${LONGEST_MESSAGE} characters`);
    },
  };
  const context = new Context(view, engine.options, { sync: true });
  toValueSync(engine.renderer.renderTemplates(templates, context, emitter));
  return emitter.buffer;
}

/** The first variable of a template that no message has. */
function unknownName(engine: Liquid, text: string): string | null {
  for (const [root, member] of engine.globalVariableSegmentsSync(text)) {
    const name = String(root);
    if (!Object.hasOwn(NAMES, name)) return expected(Object.keys(NAMES), name, '');
    const members = NAMES[name];
    if (members && typeof member === 'string' && !members.includes(member)) return expected(members, member, `${name}.`);
  }
  return null;
}

function expected(known: readonly string[], got: string, prefix: string): string {
  return `expected one of ${known.map((name) => `${prefix}${name}`).join(', ')}, got ${prefix}${got}${nearestNameHint(got, known)}`;
}
