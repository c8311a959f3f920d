import type { ChainSnapshot } from '../dist/domain/chain/chain-snapshot.js';
import { contractSymbol } from '../dist/domain/chain/contract-symbol.js';

/** A chain as Cboe's delayed quotes answer with it: one object of 22 keys per contract, in one list, without spaces. */
export function cboeJsonText(chain: ChainSnapshot): string {
  const { quotes, underlying, underlyingPrice, quotedAtMs } = chain;
  const options: string[] = [];
  for (let row = 0; row < chain.size; row++) {
    const [bid, ask, last] = [decimal(quotes.bid[row]!), decimal(quotes.ask[row]!), decimal(quotes.last[row]!)];
    const contract = `"option":"${contractSymbol(chain, row)}","bid":${bid},"bid_size":7.0,"ask":${ask},"ask_size":9.0`;
    const interest = `"iv":0.1834,"open_interest":${decimal(900 + (row % 13))},"volume":${decimal(120 + (row % 7))}`;
    const greeks = '"delta":0.4321,"gamma":0.0021,"theta":-0.0076,"rho":0.8063,"vega":0.0081';
    const day = `"theo":${bid},"change":0.0,"open":0.0,"high":0.0,"low":0.0,"tick":"no_change"`;
    const trade = `"last_trade_price":${last},"last_trade_time":"2023-09-19T12:48:51","percent_change":0.0,"prev_day_close":833.399993896484`;
    options.push(`{${contract},${interest},${greeks},${day},${trade}}`);
  }
  const timestamp = new Date(quotedAtMs).toISOString().slice(0, 19).replace('T', ' ');
  const { symbol } = underlying;
  return `{"timestamp":"${timestamp}","data":{"options":[${options.join(',')}],"symbol":"^${symbol}","current_price":${underlyingPrice},"last_trade_time":"2023-09-20T16:00:00"},"symbol":"_${symbol}"}`;
}

/** To a tenth of a cent, and a whole number with a zero behind the point, as Cboe writes it. */
function decimal(value: number): string {
  const rounded = Math.round(value * 1_000) / 1_000;
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
}
