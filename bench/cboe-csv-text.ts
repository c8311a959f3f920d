import type { ChainSnapshot } from '../dist/domain/chain/chain-snapshot.js';
import { contractSymbol } from '../dist/domain/chain/contract-symbol.js';

const HEADER =
  'Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest';

/** A chain as Cboe's quote table writes it: one line per strike, the call left of it, the put right. Calls and puts of an expiration must have the same strikes. */
export function cboeCsvText(chain: ChainSnapshot): string {
  const { quotes } = chain;
  const lines = [
    '',
    `Standard & Poors 500 Index,Last: ${chain.underlyingPrice},Change:  1.5`,
    '"Date: September 20, 2023 at 4:00 PM EDT",Bid: 1,Ask: 2,Size: 1*1,Volume: 0',
    HEADER,
  ];
  const side = (row: number) =>
    [
      contractSymbol(chain, row),
      0,
      0,
      price(quotes.bid[row]!),
      price(quotes.ask[row]!),
      120 + (row % 7),
      '0.1875',
      '0.4321',
      '0.0021',
      900 + (row % 13),
    ].join(',');
  for (const slice of chain.expirations) {
    const date = new Date(slice.date).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+).*/, '$1 $3 $2 $4');
    const strikes = slice.putStart - slice.start;
    for (let index = 0; index < strikes; index++) {
      const call = slice.start + index;
      const put = slice.putStart + index;
      const [callSide, putSide] = [side(call), side(put)];
      lines.push(`${date},${callSide},${quotes.strike[call]!.toFixed(2)},${putSide}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Quotes to a tenth of a cent: as many digits as exchanges and their vendors print. */
function price(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
