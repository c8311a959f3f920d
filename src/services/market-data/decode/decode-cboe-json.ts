import { marketStateAt } from '../../../domain/calendar/market-state-at.ts';
import { parseNewYorkTime } from '../../../domain/calendar/new-york-time.ts';
import { createChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { UnderlyingKind } from '../../../domain/chain/underlying-profile.ts';
import { describeJson } from '../http/describe-json.ts';
import type { JsonObject } from '../http/json-object.ts';
import { malformedFile } from './malformed-file.ts';
import { normaliseSymbol } from './normalise-symbol.ts';
import { parseCboeAnswer } from './parse-cboe-answer.ts';
import { requireUsable } from './require-usable.ts';
import { scanCboeAnswer } from './scan-cboe-answer.ts';

/**
 * Reads one response of Cboe's delayed quotes (`{ timestamp, data: { options: […], symbol, current_price } }`). `timestamp` is UTC without
 * a zone and says when the answer was made: when it was made outside the regular session, the quotes are as old as the newest trade in it
 * (of the underlying or of an option, New York time), and that is when they are taken to have been true. Contracts of all roots of the
 * index are in one list; iv is decimal and 0 where it is not known; theo becomes the vendor's mark. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name or an address
 */
export function decodeCboeJson(bytes: Uint8Array, source: string): ChainSnapshot {
  const answer = scanCboeAnswer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? parseCboeAnswer(bytes, source);
  const { response, data, count } = answer;
  const underlying = usUnderlying(readSymbol(data, response, source));
  const builder = createChainBuilder({
    underlying,
    quotedAtMs: quoteTime(underlying.kind, readTimestamp(response, source), data.last_trade_time, answer.newestTradeTime),
    underlyingPrice: typeof data.current_price === 'number' ? data.current_price : Number.NaN,
    source,
    positionUnit: 'option',
    expectedRows: count,
  });
  answer.addTo(builder);
  return requireUsable([builder.build()], source, 'data.options[].bid, ask, last_trade_price, theo')[0]!;
}

function readSymbol(data: JsonObject, response: JsonObject, source: string): string {
  const text = data.symbol ?? response.symbol;
  const symbol = typeof text === 'string' ? normaliseSymbol(text) : '';
  if (symbol === '') throw malformedFile(source, 'field data.symbol', 'the symbol of the underlying', describeJson(text));
  return symbol;
}

function readTimestamp({ timestamp }: JsonObject, source: string): number {
  const match = typeof timestamp === 'string' && /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(timestamp);
  const quotedAtMs = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  if (Number.isNaN(quotedAtMs))
    throw malformedFile(source, 'field timestamp', 'a UTC time like 2023-09-21 03:17:42', describeJson(timestamp));
  return quotedAtMs;
}

function quoteTime(kind: UnderlyingKind, answeredAtMs: number, lastTrade: unknown, newestOfOptions: string): number {
  if (marketStateAt(kind, answeredAtMs) === 'REGULAR') return answeredAtMs;
  // Times of one fixed form: the greatest text is the latest.
  const newest = typeof lastTrade === 'string' && lastTrade > newestOfOptions ? lastTrade : newestOfOptions;
  const tradedAtMs = parseNewYorkTime(newest);
  return tradedAtMs === null ? answeredAtMs : Math.min(answeredAtMs, tradedAtMs);
}
