import type { ChainSnapshot, RecordDrop } from '../../../domain/chain/chain-snapshot.ts';
import { malformedFile } from './malformed-file.ts';

/** A record in itself, whatever the market did: too many of these and the file is not what its header says. */
const UNREADABLE: ReadonlySet<RecordDrop['reason']> = new Set(['malformed-symbol', 'malformed-number', 'missing-field']);

/**
 * Refuses a file that reads well line by line and is of no use as a whole: without records, with more unreadable records than others, with
 * none that is left, or without a single price. Throws FeedMalformedError; returns the chains.
 * @param priceFields what the file calls its prices, for the message
 */
export function requireUsable(chains: ChainSnapshot[], source: string, priceFields: string): ChainSnapshot[] {
  const drops = chains.flatMap((chain) => chain.drops);
  const rows = chains.reduce((sum, chain) => sum + chain.size, 0);
  const dropped = drops.reduce((sum, drop) => sum + drop.count, 0);
  const unreadable = drops.reduce((sum, drop) => sum + (UNREADABLE.has(drop.reason) ? drop.count : 0), 0);
  if (rows + dropped === 0) throw malformedFile(source, '', 'at least one record', 'none');
  if (rows === 0) throw malformedFile(source, '', 'at least one usable record', `none among ${dropped} (${describeDrops(drops)})`);
  if (unreadable * 2 > rows + dropped) {
    throw malformedFile(
      source,
      '',
      'most records to be readable',
      `${unreadable} of ${rows + dropped} that are not (${describeDrops(drops)})`,
    );
  }
  if (!chains.some(hasPrice)) {
    throw malformedFile(source, `field ${priceFields}`, 'a price in at least one record', `none in all ${rows}`);
  }
  return chains;
}

function describeDrops(drops: readonly RecordDrop[]): string {
  const counts = new Map<string, { count: number; firstAt: string }>();
  for (const { reason, count, firstAt } of drops) {
    const known = counts.get(reason);
    if (known) known.count += count;
    else counts.set(reason, { count, firstAt });
  }
  return [...counts].map(([reason, { count, firstAt }]) => `${reason}: ${count}, first at ${firstAt}`).join('; ');
}

function hasPrice({ quotes: { bid, ask, last, vendorMark } }: ChainSnapshot): boolean {
  return [bid, ask, last, vendorMark].some((column) => column.some((price) => price > 0));
}
