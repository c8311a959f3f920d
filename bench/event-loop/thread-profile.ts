import { type Profiler, Session } from 'node:inspector/promises';
import { performance } from 'node:perf_hooks';

/** What began at one place, from the event loop down. */
export interface ProfiledWork {
  readonly ms: number;
  /** Functions from the outermost to where it splits up; `file:line function`. */
  readonly path: readonly string[];
}

export interface ThreadProfile {
  start(): Promise<void>;
  /** @returns what ran from one moment (of `performance.now()`) to another, the longest first */
  stop(): Promise<(fromMs: number, toMs: number) => ProfiledWork[]>;
}

const INTERVAL_MICROSECONDS = 500;
/** A path goes on into the heaviest function below as long as that holds this share of it. */
const SHARE_GONE_INTO = 0.5;
const IDLE = new Set(['(idle)', '(root)']);

interface Tree {
  ms: number;
  readonly name: string;
  readonly children: Map<string, Tree>;
}

/** Samples of this thread's stacks by V8. */
export function createThreadProfile(): ThreadProfile {
  const session = new Session();
  session.connect();
  // Both count from the same moment of the monotonic clock.
  const originMicroseconds = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000;
  return {
    async start() {
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
      await session.post('Profiler.start');
    },
    async stop() {
      const { profile } = await session.post('Profiler.stop');
      return createWindows(profile, originMicroseconds);
    },
  };
}

function createWindows({ nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile, originMicroseconds: number) {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  let atMicroseconds = startTime - originMicroseconds;
  const atMs = timeDeltas.map((delta) => {
    atMicroseconds += delta;
    return atMicroseconds / 1_000;
  });
  const stackOf = (id: number): string[] => {
    const stack: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) {
      const name = nameOf(nodeById.get(at)!.callFrame);
      if (name !== null) stack.unshift(name);
    }
    return stack;
  };

  return (fromMs: number, toMs: number): ProfiledWork[] => {
    const root: Tree = { ms: 0, name: '', children: new Map() };
    for (let index = 0; index < samples.length; index++) {
      if (atMs[index]! < fromMs || atMs[index]! > toMs) continue;
      const untilMs = Math.min(toMs, atMs[index + 1] ?? toMs);
      let at = root;
      for (const name of stackOf(samples[index]!)) {
        const child: Tree = at.children.get(name) ?? { ms: 0, name, children: new Map() };
        at.children.set(name, child);
        child.ms += untilMs - atMs[index]!;
        at = child;
      }
    }
    return [...root.children.values()].sort((one, other) => other.ms - one.ms).map((tree) => ({ ms: tree.ms, path: pathInto(tree) }));
  };
}

function pathInto(tree: Tree): string[] {
  const path = [tree.name];
  for (let at = tree; ; ) {
    const heaviest = [...at.children.values()].sort((one, other) => other.ms - one.ms)[0];
    if (!heaviest || heaviest.ms < SHARE_GONE_INTO * at.ms) return path;
    path.push(heaviest.name);
    at = heaviest;
  }
}

/** Null: says nothing. */
function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string | null {
  if (IDLE.has(functionName)) return null;
  const place = url.replace(/^.*\/(?:dist|node_modules)\//, '').replace(/^.*\/bench\//, 'bench/');
  if (place === '') return functionName;
  return `${place}:${lineNumber + 1} ${functionName || '(anonymous)'}`;
}
