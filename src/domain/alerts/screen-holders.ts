/** By digest of an opportunity, the rules that have it in their screen. */
export interface ScreenHolders<Holder> {
  of(digest: string): Iterable<Holder>;
  hold(digest: string, holder: Holder, isIn: boolean): void;
}

const NOBODY: readonly never[] = [];

export function createScreenHolders<Holder>(): ScreenHolders<Holder> {
  const holders = new Map<string, Set<Holder>>();
  return {
    of: (digest) => holders.get(digest) ?? NOBODY,
    hold(digest, holder, isIn) {
      const known = holders.get(digest);
      if (isIn) holders.set(digest, (known ?? new Set()).add(holder));
      else if (known?.delete(holder) && known.size === 0) holders.delete(digest);
    },
  };
}
