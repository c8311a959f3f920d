/* The process of the subscribers: opens sockets, checks what each of them is sent and tells when everybody has everything. */
import { createHash } from 'node:crypto';
import type { ClientAnswer, ClientCommand } from './client-command.ts';
import { type FrameSocket, openFrameSocket } from './frame-socket.ts';
import { type LiveOperation, OPERATION_ID } from './live-operation.ts';
import { monotonicMs } from './serve-live.ts';

const LAZY_READ_MS = 50;
const SIMULTANEOUS_CONNECTIONS = 100;
const REPORTED_VIOLATIONS = 5;
/** What lies behind it is the payload. */
const MARK = Buffer.from('"payload":');

interface Subscriber {
  readonly operation: number;
  socket: FrameSocket | null;
  isAcknowledged: boolean;
  /** Messages of the round. */
  received: number;
  arrivedAtMs: number[] | null;
}

interface Target {
  readonly subscribers: Subscriber[];
  /** For each operation what the first of its subscribers got, message by message: the others must get the same bytes. */
  references: Buffer[][];
  received: number;
  /** Received messages at which the next step is complete. */
  due: number[];
  violations: string[];
  inRound: boolean;
}

const targets = new Map<string, Target>();
/** Sockets that did not stay open. */
let closed = 0;
const tell = (answer: ClientAnswer) => process.send?.(answer);

async function connect(command: ClientCommand & { kind: 'connect' }): Promise<void> {
  const target: Target = { subscribers: [], references: [], received: 0, due: [], violations: [], inRound: false };
  targets.set(command.target, target);
  let open = 0;
  let first = () => {};
  const complete = new Promise<void>((resolve) => {
    first = () => {
      if (++open === command.subscribers) resolve();
    };
  });
  for (let start = 0; start < command.subscribers; start += SIMULTANEOUS_CONNECTIONS) {
    const count = Math.min(SIMULTANEOUS_CONNECTIONS, command.subscribers - start);
    await Promise.all(Array.from({ length: count }, (_, offset) => subscribe(command, target, start + offset, first)));
  }
  await complete;
  tell({ kind: 'connected', target: command.target });
}

async function subscribe(command: ClientCommand & { kind: 'connect' }, target: Target, index: number, onReady: () => void): Promise<void> {
  const operation = index % command.operations.length;
  const subscriber: Subscriber = { operation, socket: null, isAcknowledged: false, received: 0, arrivedAtMs: null };
  target.subscribers[index] = subscriber;
  let isReady = false;
  const ready = () => {
    if (!isReady) onReady();
    isReady = true;
  };
  const socket = await openFrameSocket({
    port: command.port,
    path: '/graphql',
    localAddress: command.localAddresses[index % command.localAddresses.length]!,
    onMessage(chunk, start, end) {
      if (target.inRound) {
        take(target, subscriber, chunk, start, end);
        return;
      }
      const { type } = JSON.parse(chunk.toString('utf8', start, end)) as { type: string };
      if (type === 'error') throw new Error(`expected a subscription, got ${chunk.toString('utf8', start, end)}`);
      if (type === 'next') ready();
      if (type !== 'connection_ack') return;
      const payload: LiveOperation = command.operations[operation]!;
      socket.send(JSON.stringify({ id: OPERATION_ID, type: 'subscribe', payload }));
      if (!command.hasFirstItem) ready();
    },
    onClose() {
      closed++;
      violate(target, `expected subscriber ${index} to stay connected, it was closed`);
    },
  });
  subscriber.socket = socket;
  socket.send(JSON.stringify({ type: 'connection_init' }));
}

function violate(target: Target, what: string): void {
  if (target.violations.length < REPORTED_VIOLATIONS) target.violations.push(what);
}

function take(target: Target, subscriber: Subscriber, chunk: Buffer, start: number, end: number): void {
  subscriber.arrivedAtMs?.push(monotonicMs());
  const reference = target.references[subscriber.operation]!;
  const known = reference[subscriber.received];
  if (known === undefined) reference.push(Buffer.from(chunk.subarray(start, end)));
  else if (known.compare(chunk, start, end) !== 0) {
    violate(
      target,
      `expected every subscriber to get the same message ${subscriber.received}, got ${chunk.toString('utf8', start, Math.min(end, start + 200))}`,
    );
  }
  subscriber.received++;
  if (++target.received === target.due[0]) {
    target.due.shift();
    tell({ kind: 'step', left: target.due.length });
    if (target.due.length === 0) endRound(target);
  }
}

let round: (ClientCommand & { kind: 'round' }) | null = null;
let lazyTimer: NodeJS.Timeout | undefined;

function beginRound(command: ClientCommand & { kind: 'round' }): void {
  const target = targets.get(command.target)!;
  round = command;
  let sum = 0;
  target.due = command.messagesPerStep.filter((count) => count > 0).map((count) => (sum += count));
  target.references = command.expected.map(() => []);
  target.received = 0;
  target.inRound = true;
  const lazy: FrameSocket[] = [];
  for (const [index, subscriber] of target.subscribers.entries()) {
    const isSampled = command.sampleEvery > 0 && index % command.sampleEvery === 0;
    subscriber.received = 0;
    subscriber.arrivedAtMs = isSampled ? [] : null;
    const isLazy = command.sampleEvery > 1 && !isSampled;
    subscriber.socket!.setLazy(isLazy);
    if (isLazy) lazy.push(subscriber.socket!);
  }
  clearInterval(lazyTimer);
  if (lazy.length > 0) lazyTimer = setInterval(() => lazy.forEach((socket) => void socket.read()), LAZY_READ_MS);
  tell({ kind: 'ready' });
}

function endRound(target: Target): void {
  const { expected } = round!;
  for (const [operation, messages] of target.references.entries()) {
    const ids = messages.flatMap((bytes) => {
      const { payload } = JSON.parse(bytes.toString()) as { payload: { data?: { scanResults: { results: { id: string }[] } } } };
      return payload.data?.scanResults.results.map(({ id }) => id) ?? [bytes.toString().slice(0, 300)];
    });
    if (ids.join() !== expected[operation]!.join()) {
      const wrong = ids.findIndex((id, index) => id !== expected[operation]![index]);
      violate(
        target,
        `expected operation ${operation} to get ${expected[operation]!.length} results in order, got ${ids.length}, wrong from ${wrong}: ${ids[wrong]}`,
      );
    }
  }
  for (const [index, { received, operation }] of target.subscribers.entries()) {
    const wanted = target.references[operation]!.length;
    if (received !== wanted) violate(target, `expected subscriber ${index} to get ${wanted} messages, got ${received}`);
  }
  // Servers differ in the order of a message's own keys, not in what they tell.
  const digest = createHash('sha1');
  for (const bytes of target.references[0]!) digest.update(bytes.subarray(bytes.indexOf(MARK), bytes.lastIndexOf('}}}')));
  clearInterval(lazyTimer);
  tell({
    kind: 'round',
    messages: target.received,
    digest: digest.digest('hex'),
    violations: target.violations,
    arrivedAtMs: target.subscribers.flatMap(({ arrivedAtMs }) => (arrivedAtMs ? [arrivedAtMs] : [])),
  });
  target.violations = [];
}

process.on('message', (message) => {
  const command = message as ClientCommand;
  if (command.kind === 'connect') void connect(command);
  else if (command.kind === 'round') beginRound(command);
  else tell({ kind: 'closed', closed });
});
process.on('disconnect', () => process.exit(0));
