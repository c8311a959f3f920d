import { describe, expect, it, vi } from 'vitest';
import type { ExecutionGroup, PreparedMessage } from '../../../../src/server/websocket/execution-group.ts';
import { createLiveMember } from '../../../../src/server/websocket/live-member.ts';
import type { DeliveryGrant } from '../../../../src/services/subscriptions/delivery-grant.ts';
import type { LiveItem } from '../../../../src/services/subscriptions/stream-item.ts';
import { toStreamSource } from '../../../../src/services/subscriptions/stream-source.ts';

interface Row {
  readonly sequence: number;
}

const GRANT: DeliveryGrant = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'CLOSE', buffer: 3, bufferBytes: 10_000 };

function item(first: number, count = 1): LiveItem<Row> {
  const rows = Array.from({ length: count }, (_, index) => ({ sequence: first + index }));
  return {
    rows,
    firstSequence: first,
    position: { atMs: 0, sequence: first + count - 1 },
    after: { atMs: 0, sequence: first - 1 },
    missed: 0,
    missedSince: null,
  };
}

function aMember({
  grant = GRANT,
  joinedAt = 0,
  prepare = (text: string): PreparedMessage => ({ bytes: Buffer.from(text), ready: null }),
} = {}) {
  const written: string[] = [];
  const closed: [number, string][] = [];
  const ends: (Error | null)[] = [];
  const writableHandlers = new Set<() => void>();
  const socket = { writable: true };
  const outlet = {
    isWritable: () => socket.writable,
    write: (own: Buffer, shared: Buffer) => void written.push(`${String(own)}${String(shared)}`),
    send: () => Promise.reject(new Error('not used')),
    onWritable: (handler: () => void) => {
      writableHandlers.add(handler);
      return () => writableHandlers.delete(handler);
    },
    close: (code: number, reason: string) => void closed.push([code, reason]),
  };
  const source = toStreamSource<Row, string>(
    {
      key: 'key',
      grant,
      catchUp: () => {
        throw new Error('not used');
      },
      joinedAt: () => ({ atMs: 0, sequence: joinedAt }),
      leave: vi.fn<() => void>(),
      toItem: (live) => ({ phase: 'LIVE', rows: live.rows, cursor: '', missed: live.missed, missedSince: null, delivery: grant }),
      toPayload: (told) => `${told.rows.map((row) => row.sequence).join()}${told.missed ? ` missed ${told.missed}` : ''}`,
      keyOf: () => 'same',
      sequenceOf: (row) => row.sequence,
    },
    () => {
      throw new Error('not used');
    },
  );
  const group: ExecutionGroup = {
    prepare: (live) => prepare(`shared ${(live.rows as Row[]).map((row) => row.sequence).join()}}`),
    prepareAlone: (payload) => prepare(`alone ${payload as string}}`),
    execute: () => ({}),
    lastBytes: () => 10,
  };
  const counts = { written: 0, tooSlow: 0 };
  const member = createLiveMember({
    id: 'x"y',
    outlet,
    source: source as never,
    group,
    onWritten: () => void counts.written++,
    onTooSlow: () => void counts.tooSlow++,
    onEnd: (error) => void ends.push(error),
  });
  const texts = () => written.map((text) => text.slice(text.indexOf('payload":') + 'payload":'.length, -1));
  const drain = () => {
    socket.writable = true;
    for (const handler of writableHandlers) handler();
  };
  return { member, written, texts, closed, ends, socket, drain, counts, writableHandlers };
}

describe('a live subscription on a connection', () => {
  it('writes the message of its group behind its own id', () => {
    const { member, written, counts } = aMember();
    member.goLive();
    member.listener.onItem(item(1));
    expect(written).toEqual(['{"id":"x\\"y","type":"next","payload":shared 1}']);
    expect(counts.written).toBe(1);
  });

  it('holds back what comes while it still catches up', () => {
    const { member, texts } = aMember();
    member.listener.onItem(item(1));
    member.listener.onItem(item(2));
    expect(texts()).toEqual([]);
    member.goLive();
    expect(texts()).toEqual(['shared 1', 'shared 2']);
  });

  it('leaves out what it has caught up with already, and of a mixed item gets its part alone', () => {
    const { member, texts } = aMember({ joinedAt: 2 });
    member.goLive();
    member.listener.onItem(item(1, 2));
    member.listener.onItem(item(2, 2));
    member.listener.onItem(item(4));
    expect(texts()).toEqual(['alone 3', 'shared 4']);
  });

  it('waits while the connection takes no more, and goes on in order when it does', () => {
    const { member, texts, socket, drain } = aMember();
    member.goLive();
    socket.writable = false;
    member.listener.onItem(item(1));
    member.listener.onItem(item(2));
    expect(texts()).toEqual([]);
    drain();
    member.listener.onItem(item(3));
    expect(texts()).toEqual(['shared 1', 'shared 2', 'shared 3']);
  });

  it('closes the connection when more waits than was granted', () => {
    const { member, closed, ends, socket, counts } = aMember();
    member.goLive();
    socket.writable = false;
    member.listener.onItem(item(1, 3));
    expect(closed).toEqual([]);
    member.listener.onItem(item(4));
    expect(closed).toEqual([[4413, 'Subscriber too slow']]);
    expect(ends).toHaveLength(1);
    expect(counts.tooSlow).toBe(1);
  });

  it('is told what was dropped, in a message of its own', () => {
    const { member, texts, socket, drain } = aMember({ grant: { ...GRANT, overflow: 'DROP_OLDEST' } });
    member.goLive();
    socket.writable = false;
    for (let first = 1; first <= 5; first++) member.listener.onItem(item(first));
    drain();
    expect(texts()).toEqual(['alone 3 missed 2', 'shared 4', 'shared 5']);
  });

  it('keeps the order when messages become ready later than those behind them', async () => {
    const settle: (() => void)[] = [];
    const { member, texts } = aMember({
      prepare(text) {
        if (!text.includes('1')) return { bytes: Buffer.from(text), ready: null };
        const message: PreparedMessage = {
          bytes: null,
          ready: new Promise((resolve) => {
            settle.push(() => {
              message.bytes = Buffer.from(text);
              resolve();
            });
          }),
        };
        return message;
      },
    });
    member.goLive();
    member.listener.onItem(item(1));
    member.listener.onItem(item(2));
    expect(texts()).toEqual([]);
    settle[0]!();
    await vi.waitFor(() => expect(texts()).toEqual(['shared 1', 'shared 2']));
  });

  it('writes nothing and listens to nothing once it has left', () => {
    const { member, texts, socket, drain, writableHandlers } = aMember();
    member.goLive();
    socket.writable = false;
    member.listener.onItem(item(1));
    member.leave();
    expect(writableHandlers.size).toBe(0);
    drain();
    expect(texts()).toEqual([]);
  });
});
