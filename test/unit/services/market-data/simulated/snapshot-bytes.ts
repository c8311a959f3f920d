import type { ChainSnapshot } from '../../../../../src/domain/chain/chain-snapshot.ts';

/** Everything a snapshot says, as bytes: equal bytes, equal snapshots. */
export function snapshotBytes(snapshot: ChainSnapshot): Buffer {
  const { quotes, ...rest } = snapshot;
  const { original, ...columns } = quotes;
  const { currency, ...originalColumns } = original ?? { currency: null };
  const parts = [...Object.values(columns), ...Object.values(originalColumns)].map((column) =>
    Buffer.from(column.buffer, column.byteOffset, column.byteLength),
  );
  const text = JSON.stringify({ ...rest, currency }, (_, value) => (Number.isNaN(value) ? 'NaN' : value));
  return Buffer.concat([Buffer.from(text), ...parts]);
}
