import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUS_FORMAT_VERSION, createBusFormat } from '../../../../src/services/bus/bus-format.ts';

const mine = createBusFormat('process "a"');
const other = createBusFormat('process b');

describe('the form of messages between processes', () => {
  it('gives back every message of another process, and knows its own', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(fc.jsonValue()), (firstSequence, rows) => {
        const text = mine.encode({ firstSequence, rows });
        const message = JSON.parse(JSON.stringify({ firstSequence, rows }));
        expect(other.decode(text)).toEqual({ kind: 'message', message });
        expect(mine.decode(text)).toEqual({ kind: 'own' });
      }),
    );
  });

  it.each([
    '',
    'no JSON',
    'null',
    '7',
    '"text"',
    '[]',
    '{}',
    '{"from":"x","message":{"firstSequence":1,"rows":[]}}',
    '{"version":"1","from":"x","message":{"firstSequence":1,"rows":[]}}',
    `{"version":${BUS_FORMAT_VERSION},"from":"x"}`,
    `{"version":${BUS_FORMAT_VERSION},"from":"x","message":null}`,
    `{"version":${BUS_FORMAT_VERSION},"from":"x","message":{"firstSequence":"1","rows":[]}}`,
    `{"version":${BUS_FORMAT_VERSION},"from":"x","message":{"firstSequence":1.5,"rows":[]}}`,
    `{"version":${BUS_FORMAT_VERSION},"from":"x","message":{"firstSequence":1,"rows":{}}}`,
    `{"version":${BUS_FORMAT_VERSION},"from":"x","message":{"firstSequence":1,"rows":[]}`,
  ])('takes %j for malformed', (text) => {
    expect(other.decode(text)).toEqual({ kind: 'ignored', reason: 'malformed' });
  });

  it('leaves messages of another version alone, whatever is in them', () => {
    const text = JSON.stringify({ version: BUS_FORMAT_VERSION + 1, from: 'x', message: { firstSequence: 1, rows: [] } });
    expect(other.decode(text)).toEqual({ kind: 'ignored', reason: 'other-version' });
    expect(other.decode(`{"version":${BUS_FORMAT_VERSION + 1},"anything":{}}`)).toEqual({ kind: 'ignored', reason: 'other-version' });
  });
});
