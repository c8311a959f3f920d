import { describe, expect, it } from 'vitest';
import { type LoaderSources, Loaders } from '../../../src/loaders/loaders.ts';

const ids = Array.from({ length: 6 }, (_id, index) => `01900000-0000-7000-8000-00000000000${index}`);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function someLoaders() {
  const asked: string[][] = [];
  const filters = {
    byIds: async (wanted: readonly string[]) => {
      asked.push([...wanted]);
      return wanted.map((id) => ({ id }));
    },
  };
  return { asked, loaders: new Loaders({ filters } as unknown as LoaderSources) };
}

describe('loaders', () => {
  it('ask once for what is wanted in one turn of the event loop', async () => {
    const { asked, loaders } = someLoaders();
    await Promise.all([loaders.filter.load(ids[0]!), Promise.resolve().then(() => loaders.filter.load(ids[1]!))]);
    await loaders.filter.load(ids[2]!);
    expect(asked).toEqual([[ids[0], ids[1]], [ids[2]]]);
  });

  it('ask once for what is wanted in several turns while they are held', async () => {
    const { asked, loaders } = someLoaders();
    const first = loaders.filter.load(ids[0]!);
    // Also what was wanted just before.
    const letGo = loaders.hold();
    await nextTurn();
    const second = loaders.filter.load(ids[1]!);
    await nextTurn();
    expect(asked).toEqual([]);
    letGo();
    expect(await Promise.all([first, second])).toMatchObject([{ id: ids[0] }, { id: ids[1] }]);
    expect(asked).toEqual([[ids[0], ids[1]]]);
    await loaders.filter.load(ids[2]!);
    expect(asked).toHaveLength(2);
  });

  it('wait for all who hold them, each of whom lets go once', async () => {
    const { asked, loaders } = someLoaders();
    const [one, other] = [loaders.hold(), loaders.hold()];
    const loaded = loaders.filter.load(ids[0]!);
    one();
    one();
    await nextTurn();
    expect(asked).toEqual([]);
    other();
    await loaded;
    expect(asked).toEqual([[ids[0]]]);
  });
});
