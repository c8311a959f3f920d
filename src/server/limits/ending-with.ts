/** The same items. Calls `end` when the iteration is over: all came, it failed, or nobody wants more. */
export function endingWith<T>(items: AsyncIterable<T>, end: () => void): AsyncGenerator<T, void, void> {
  const inner = items[Symbol.asyncIterator]();

  async function ending(item: Promise<IteratorResult<T>>): Promise<IteratorResult<T, void>> {
    try {
      const result = await item;
      if (result.done) end();
      return result;
    } catch (error) {
      end();
      throw error;
    }
  }

  const results: AsyncGenerator<T, void, void> = {
    [Symbol.asyncIterator]: () => results,
    next: () => ending(inner.next()),
    async return() {
      end();
      await inner.return?.();
      return { done: true, value: undefined };
    },
    async throw(error: unknown) {
      await results.return();
      throw error;
    },
  };
  return results;
}
