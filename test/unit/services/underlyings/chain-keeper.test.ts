import { beforeEach, describe, expect, it } from 'vitest';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import type { PricedChain } from '../../../../src/domain/pricing/priced-chain.ts';
import { type ChainKeeper, createChainKeeper } from '../../../../src/services/underlyings/chain-keeper.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

const pricer = createChainPricer();
const SIZE = aChain('AAA').size;

let released: PricedChain[];
let keeper: ChainKeeper;

beforeEach(() => {
  released = [];
  keeper = createChainKeeper({ maximumContracts: 2 * SIZE, release: (chain) => void released.push(chain) });
});

const price = (symbol = 'AAA') => pricer.price(aChain(symbol));

function scanned(symbol = 'AAA'): PricedChain {
  const chain = price(symbol);
  keeper.keep(chain);
  keeper.letGo(chain);
  return chain;
}

describe('the columns of a chain', () => {
  it('may be used again when a newer one has come', () => {
    const [first, second] = [scanned(), scanned()];
    expect(released).toEqual([first]);
    expect(keeper.newest('AAA')).toBe(second);
  });

  it('stay while it is scanned, also when a newer one comes meanwhile', () => {
    const slow = price();
    keeper.keep(slow);
    const fast = scanned();
    expect(released).toEqual([]);
    keeper.letGo(slow);
    expect(released).toEqual([slow]);
    expect(keeper.newest('AAA')).toBe(fast);
  });

  it.each([
    ['alone', () => keeper.newest('AAA')],
    ['with all', () => keeper.all()],
  ])('stay when somebody has asked for it, %s', (_how, ask) => {
    const read = scanned();
    ask();
    const next = scanned();
    const last = scanned();
    expect(released).toEqual([next]);
    expect(released).not.toContain(read);
    expect(keeper.newest('AAA')).toBe(last);
  });

  it('may be used again when it made room for other symbols', () => {
    const first = scanned('AAA');
    scanned('BBB');
    scanned('CCC');
    expect(released).toEqual([first]);
    expect(keeper.newest('AAA')).toBeNull();
  });

  it('may be used again when there is no room for it at all', () => {
    keeper = createChainKeeper({ maximumContracts: SIZE - 1, release: (chain) => void released.push(chain) });
    const chain = price();
    keeper.keep(chain);
    expect(keeper.newest('AAA')).toBeNull();
    expect(released).toEqual([]);
    keeper.letGo(chain);
    expect(released).toEqual([chain]);
  });
});

it('a chain that was read keeps its values while others are scanned in the memory of those that were not', () => {
  keeper = createChainKeeper({ maximumContracts: 2 * SIZE, release: pricer.release });
  const read = scanned();
  const before = read.columns.delta.slice();
  expect(keeper.newest('AAA')).toBe(read);
  const used = scanned();
  scanned();
  const later = price();
  // Its memory was given to the one after the next.
  expect(later.columns.delta.buffer).toBe(used.columns.delta.buffer);
  expect(read.columns.delta.buffer).not.toBe(used.columns.delta.buffer);
  expect(read.columns.delta).toEqual(before);
});
