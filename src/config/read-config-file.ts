import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { ConfigIssue } from './config-error.ts';
import { describeName } from './describe-value.ts';
import type { GivenValue, GivenValues } from './given-value.ts';
import type { Setting } from './list-settings.ts';
import { type KnownName, nearestName } from './nearest-name.ts';
import { yamlComplaint } from './yaml-complaint.ts';

export interface ConfigFileReading {
  /** False when the file could not be read as a whole, so that what it would have given is unknown. */
  readonly readable: boolean;
  readonly values: GivenValues;
  readonly issues: readonly ConfigIssue[];
}

interface Known {
  readonly settings: ReadonlySet<string>;
  readonly sections: ReadonlySet<string>;
  readonly names: readonly KnownName[];
}

function knownPaths(settings: readonly Setting[]): Known {
  const sections = new Set(settings.flatMap(({ keys }) => keys.slice(0, -1).map((_, depth) => keys.slice(0, depth + 1).join('.'))));
  const names = settings.map(({ path, environment, flag }) => ({
    name: path,
    alsoKnownAs: flag === undefined ? [environment] : [environment, flag],
  }));
  return {
    settings: new Set(settings.map(({ path }) => path)),
    sections,
    names: [...[...sections].map((name) => ({ name })), ...names],
  };
}

function whatItIs(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  return isSeq(node) ? 'a list' : 'a single value';
}

/** Reads the text of a YAML file. `name` is how messages call the file. A key with nothing behind it counts as not given. */
export function readConfigFile(name: string, text: string, settings: readonly Setting[]): ConfigFileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    // One mistake makes the parser stumble several times over the same line; the first time says it best.
    const firstOfLine = new Map(faults.toReversed().map((fault) => [lines.linePos(fault.pos[0]).line, fault]));
    const issues = [...firstOfLine.values()].map(({ pos, code }) => ({ source: at(pos[0]), message: yamlComplaint(code) }));
    return { readable: false, values: new Map(), issues: issues.toReversed() };
  }
  const walk = createWalk(document, knownPaths(settings), at);
  if (document.contents !== null) walk.section(document.contents, '');
  return walk.found;
}

function createWalk(document: Document, known: Known, at: (offset: number) => string) {
  const values = new Map<string, GivenValue>();
  const issues: ConfigIssue[] = [];

  /** What an alias stands for; null when there is no value at all. */
  const resolve = (node: unknown): Node | null => {
    const target = isAlias(node) ? node.resolve(document) : (node as Node | null);
    if (target === undefined) {
      issues.push({ source: at((node as Node).range?.[0] ?? 0), message: yamlComplaint('BAD_ALIAS') });
      return null;
    }
    return isScalar(target) && target.value === null ? null : target;
  };

  function section(node: Node, path: string): void {
    const mapping = resolve(node);
    if (mapping === null) return;
    if (!isMap(mapping)) {
      const expected = path === '' ? 'a mapping with sections such as server: and feed:' : `${path} to be a mapping`;
      issues.push({ source: at(node.range?.[0] ?? 0), message: `expected ${expected}, got ${whatItIs(mapping)}` });
      return;
    }
    for (const pair of (mapping as YAMLMap).items) entry(pair, path);
  }

  function entry(pair: Pair, parent: string): void {
    const keyNode = resolve(pair.key);
    const source = at(keyNode?.range?.[0] ?? 0);
    const key = isScalar(keyNode) && typeof keyNode.value === 'string' ? keyNode.value : '';
    const path = parent === '' ? key : `${parent}.${key}`;
    if (known.sections.has(path)) {
      if (pair.value !== null) section(pair.value as Node, path);
    } else if (known.settings.has(path)) {
      leaf(pair.value as Node | null, path, source);
    } else {
      const shown = parent === '' ? describeName(key) : `${parent}.${describeName(key)}`;
      issues.push({ source, message: `unknown key ${shown}, the nearest known is ${nearestName(path, known.names)}` });
    }
  }

  function leaf(node: Node | null, path: string, keySource: string): void {
    const target = resolve(node);
    if (target === null) return;
    const source = node?.range ? at(node.range[0]) : keySource;
    try {
      const raw: unknown = target.toJS(document);
      values.set(path, { raw: typeof raw === 'string' ? raw.trim() : raw, from: 'file', source });
    } catch {
      issues.push({ source, message: `${path}: ${yamlComplaint('BAD_ALIAS')}` });
    }
  }

  return { section, found: { readable: true, values, issues } };
}
