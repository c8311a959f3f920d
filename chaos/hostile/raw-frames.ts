import { randomBytes } from 'node:crypto';

/** Bytes behind the opening of a WebSocket. */
export interface RawFrames {
  readonly name: string;
  readonly parts: readonly Buffer[];
  /** Sent over and over until the server closes the connection, or until it has got this many of them. */
  readonly repeat?: { readonly part: Buffer; readonly times: number };
  /** The connection must be closed by the server; otherwise it may go on. */
  readonly isFatal: boolean;
}

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

interface FrameOptions {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  readonly reserved?: number;
  /** Announced instead of the true one. */
  readonly length?: bigint;
}

function frame({ opcode, payload = '', isFinal = true, isMasked = true, reserved = 0, length }: FrameOptions): Buffer {
  const bytes = Buffer.from(payload);
  const announced = length ?? BigInt(bytes.length);
  const short = announced < 126n ? Number(announced) : announced < 65_536n ? 126 : 127;
  const head = [Buffer.from([(isFinal ? 0x80 : 0) | (reserved << 4) | opcode, (isMasked ? 0x80 : 0) | short])];
  if (short === 126) head.push(Buffer.from([Number(announced >> 8n), Number(announced & 255n)]));
  if (short === 127) {
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(announced);
    head.push(long);
  }
  if (!isMasked) return Buffer.concat([...head, bytes]);
  const mask = randomBytes(4);
  return Buffer.concat([...head, mask, bytes.map((byte, index) => byte ^ mask[index % 4]!)]);
}

const message = (value: unknown) => frame({ opcode: TEXT, payload: JSON.stringify(value) });
const MEGABYTE = 1_048_576;

export function rawFrames(authorization: string): readonly RawFrames[] {
  const init = message({ type: 'connection_init', payload: { authorization } });
  const subscribe = (id: unknown, query = 'subscription { scanner { state } }') => message({ type: 'subscribe', id, payload: { query } });
  return [
    { name: 'a frame without a mask', parts: [frame({ opcode: TEXT, payload: '{}', isMasked: false })], isFatal: true },
    ...[3, 4, 7, 11, 15].map((opcode) => ({ name: `an opcode nobody knows (${opcode})`, parts: [frame({ opcode })], isFatal: true })),
    ...[1, 2, 4].map((reserved) => ({
      name: `a reserved bit (${reserved})`,
      parts: [frame({ opcode: TEXT, payload: '{}', reserved })],
      isFatal: true,
    })),
    { name: 'a message of 10 MB', parts: [frame({ opcode: TEXT, payload: Buffer.alloc(10 * MEGABYTE, 32) })], isFatal: true },
    { name: 'a message of 2^63 bytes', parts: [frame({ opcode: TEXT, payload: 'x', length: 2n ** 63n })], isFatal: true },
    { name: 'a message of 2^53 bytes', parts: [frame({ opcode: BINARY, payload: 'x', length: 2n ** 53n })], isFatal: true },
    {
      name: 'a message in parts without end',
      parts: [init, frame({ opcode: TEXT, payload: '{', isFinal: false })],
      repeat: { part: frame({ opcode: CONTINUATION, payload: ' '.repeat(10_000), isFinal: false }), times: 10_000 },
      isFatal: true,
    },
    {
      name: 'empty parts without end',
      parts: [init, frame({ opcode: TEXT, isFinal: false })],
      repeat: { part: frame({ opcode: CONTINUATION, isFinal: false }), times: 200_000 },
      isFatal: true,
    },
    { name: 'a part of nothing', parts: [frame({ opcode: CONTINUATION, payload: 'x' })], isFatal: true },
    {
      name: 'a message within a message',
      parts: [frame({ opcode: TEXT, payload: '{', isFinal: false }), frame({ opcode: TEXT, payload: '{' })],
      isFatal: true,
    },
    { name: 'a ping in parts', parts: [frame({ opcode: PING, isFinal: false })], isFatal: true },
    { name: 'a ping that is too long', parts: [frame({ opcode: PING, payload: Buffer.alloc(200) })], isFatal: true },
    {
      name: 'a flood of pings',
      parts: [init],
      repeat: { part: frame({ opcode: PING, payload: Buffer.alloc(125) }), times: 100_000 },
      isFatal: false,
    },
    { name: 'a flood of pongs', parts: [init], repeat: { part: frame({ opcode: PONG }), times: 100_000 }, isFatal: false },
    {
      name: 'a flood of pings of the protocol',
      parts: [init],
      repeat: { part: message({ type: 'ping', payload: { a: 'x'.repeat(100) } }), times: 30_000 },
      isFatal: false,
    },
    { name: 'a close with one byte', parts: [frame({ opcode: CLOSE, payload: 'x' })], isFatal: true },
    { name: 'a close with a code that is none', parts: [frame({ opcode: CLOSE, payload: Buffer.from([0, 1]) })], isFatal: true },
    { name: 'a close with bytes that are no UTF-8', parts: [frame({ opcode: CLOSE, payload: Buffer.from([3, 232, 255]) })], isFatal: true },
    { name: 'bytes that are no UTF-8', parts: [frame({ opcode: TEXT, payload: Buffer.from([0xff, 0xfe]) })], isFatal: true },
    { name: 'half a character', parts: [frame({ opcode: TEXT, payload: Buffer.from([0xed, 0xa0, 0x80]) })], isFatal: true },
    { name: 'noise', parts: [randomBytes(10_000)], isFatal: true },
    { name: 'binary that is no message', parts: [init, frame({ opcode: BINARY, payload: randomBytes(1_000) })], isFatal: true },
    { name: 'no message', parts: [init, message(null)], isFatal: true },
    { name: 'a list', parts: [init, message([{ type: 'ping' }])], isFatal: true },
    { name: 'a type nobody knows', parts: [init, message({ type: '__proto__' })], isFatal: true },
    { name: 'a prototype', parts: [init, frame({ opcode: TEXT, payload: '{"__proto__":{"type":"ping"}}' })], isFatal: true },
    {
      name: 'lists within lists',
      parts: [init, frame({ opcode: TEXT, payload: '['.repeat(400_000) + ']'.repeat(400_000) })],
      isFatal: true,
    },
    { name: 'an operation before the beginning', parts: [subscribe('1')], isFatal: true },
    { name: 'two beginnings', parts: [init, init], isFatal: true },
    {
      name: 'a beginning with nonsense',
      parts: [message({ type: 'connection_init', payload: { authorization: { a: 1 } } })],
      isFatal: false,
    },
    { name: 'a beginning by nobody', parts: [message({ type: 'connection_init', payload: { authorization: 'Bearer x' } })], isFatal: true },
    { name: 'a beginning that is a list', parts: [message({ type: 'connection_init', payload: [1] })], isFatal: true },
    { name: 'the same id twice', parts: [init, subscribe('1'), subscribe('1')], isFatal: true },
    { name: 'an id that is no text', parts: [init, subscribe(1)], isFatal: true },
    {
      name: 'ids of objects',
      parts: [init, subscribe('__proto__'), subscribe('constructor'), message({ type: 'complete', id: '__proto__' })],
      isFatal: false,
    },
    { name: 'subscriptions without end', parts: [init, ...Array.from({ length: 3_000 }, (_, i) => subscribe(`s${i}`))], isFatal: false },
    {
      name: 'beginning and ending without end',
      parts: [
        init,
        ...Array.from({ length: 3_000 }, (_, i) => Buffer.concat([subscribe(`s${i}`), message({ type: 'complete', id: `s${i}` })])),
      ],
      isFatal: false,
    },
    { name: 'answers to nobody', parts: [init, message({ type: 'next', id: '1', payload: {} })], isFatal: true },
    {
      name: 'a query that is no text',
      parts: [init, message({ type: 'subscribe', id: '1', payload: { query: { a: 1 } } })],
      isFatal: true,
    },
    {
      name: 'variables that are no object',
      parts: [init, message({ type: 'subscribe', id: '1', payload: { query: '{ __typename }', variables: 1 } })],
      isFatal: true,
    },
  ];
}
