import { malformedFile } from '../decode/malformed-file.ts';
import { UnknownUnderlyingError } from '../feed-errors.ts';
import { describeJson } from '../http/describe-json.ts';
import type { FeedHttpClient } from '../http/feed-http-client.ts';
import { jsonArray } from '../http/json-array.ts';
import { jsonObject } from '../http/json-object.ts';
import { createSharedReads } from '../http/shared-reads.ts';
import type { DeribitCoin } from './deribit-coin.ts';
import { rpcResult } from './rpc-result.ts';

export interface ContractSizesDeps {
  readonly http: FeedHttpClient;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** How much of a coin one contract stands for. */
export interface ContractSizes {
  /** 1 for inverse options; of linear ones as Deribit lists them. Throws UnknownUnderlyingError when it lists none, and what the client throws. */
  sizeOf(coin: DeribitCoin, signal: AbortSignal): Promise<number>;
}

/** Sizes change with the listing of a coin, if ever, and the list is large: Deribit allows it once in 10 s. */
const MAXIMUM_AGE_MS = 24 * 3_600_000;

export function createContractSizes({ http, clock }: ContractSizesDeps): ContractSizes {
  const lists = createSharedReads({ load: readList, maximumAgeMs: MAXIMUM_AGE_MS, clock });

  async function readList(currency: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const { body, source } = await http.getJson({
      path: '/public/get_instruments',
      query: { currency, kind: 'option', expired: 'false' },
      signal,
      alsoRead: [400],
    });
    return readSizes(jsonArray(rpcResult(body, source), source, 'result'), source);
  }

  return {
    async sizeOf({ symbol, root, currency, isInverse }, signal) {
      if (isInverse) return 1;
      const sizes = await lists.read(currency, signal);
      const size = sizes.get(root);
      if (size !== undefined) return size;
      throw new UnknownUnderlyingError(
        `expected a coin with options on Deribit, got ${symbol}: those settled in ${currency} are on ${[...sizes.keys()].join(', ')}`,
      );
    },
  };
}

/** Sizes by root, each told by the first option on it. */
function readSizes(instruments: readonly unknown[], source: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  instruments.forEach((instrument, index) => {
    const path = `result[${index}]`;
    const { instrument_name: name, contract_size: size } = jsonObject(instrument, source, path);
    if (typeof name !== 'string') throw malformedFile(source, `field ${path}.instrument_name`, 'a text', describeJson(name));
    const root = name.slice(0, Math.max(0, name.indexOf('-')));
    if (sizes.has(root)) return;
    if (!(typeof size === 'number' && size > 0))
      throw malformedFile(source, `field ${path}.contract_size`, 'a number > 0', describeJson(size));
    sizes.set(root, size);
  });
  return sizes;
}
