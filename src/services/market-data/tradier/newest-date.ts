import { jsonNumber } from '../http/json-number.ts';
import type { JsonObject } from '../http/json-object.ts';

/** When a quote of Tradier last changed: the newest of its dates of trade, bid and ask, epoch milliseconds; 0 when it tells none. */
export function newestDate(quote: JsonObject): number {
  const trade = jsonNumber(quote.trade_date);
  const bid = jsonNumber(quote.bid_date);
  const ask = jsonNumber(quote.ask_date);
  let newestMs = 0;
  if (trade > newestMs) newestMs = trade;
  if (bid > newestMs) newestMs = bid;
  if (ask > newestMs) newestMs = ask;
  return newestMs;
}
