import { marketStateAt } from '../../../domain/calendar/market-state-at.ts';
import { parseNewYorkTime } from '../../../domain/calendar/new-york-time.ts';
import { type ChainBuilder, createChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import { CALL, type ChainSnapshot, PUT } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { UnderlyingKind } from '../../../domain/chain/underlying-profile.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';
import { normaliseSymbol } from './normalise-symbol.ts';
import { readOccExpiration } from './read-occ-expiration.ts';
import { requireUsable } from './require-usable.ts';

/** The numbers read of each option, as Cboe names them. */
const FIELDS = ['bid', 'ask', 'bid_size', 'ask_size', 'last_trade_price', 'volume', 'open_interest', 'theo', 'iv', 'delta'] as const;
/** Series, right and strike. */
const OCC_SYMBOL = /^(.+)([CP])(\d{8})$/;
type CboeOption = { readonly [K in (typeof FIELDS)[number]]?: unknown } & { readonly option?: unknown; readonly last_trade_time?: unknown };

/**
 * Reads one response of Cboe's delayed quotes (`{ timestamp, data: { options: […], symbol, current_price } }`). `timestamp` is UTC without
 * a zone and says when the answer was made: when it was made outside the regular session, the quotes are as old as the newest trade in it
 * (of the underlying or of an option, New York time), and that is when they are taken to have been true. Contracts of all roots of the
 * index are in one list; iv is decimal and 0 where it is not known; theo becomes the vendor's mark. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name or an address
 */
export function decodeCboeJson(bytes: Uint8Array, source: string): ChainSnapshot {
  const response = objectAt(parseJson(bytes, source), source, '');
  const data = objectAt(response.data, source, 'data');
  const { options } = data;
  if (!Array.isArray(options)) throw malformedFile(source, 'field data.options', 'an array', describe(options));
  const underlying = usUnderlying(readSymbol(data, response, source));
  const builder = createChainBuilder({
    underlying,
    quotedAtMs: quoteTime(underlying.kind, readTimestamp(response, source), data.last_trade_time, options),
    underlyingPrice: typeof data.current_price === 'number' ? data.current_price : Number.NaN,
    source,
    positionUnit: 'option',
    expectedRows: options.length,
  });
  const series = new Map<string, number>();
  for (let i = 0; i < options.length; i++) addOption(builder, series, options[i], i + 1);
  return requireUsable([builder.build()], source, 'data.options[].bid, ask, last_trade_price, theo')[0]!;
}

/** @param series numbers of the expirations by the front part of the symbols, filled here */
function addOption(builder: ChainBuilder, series: Map<string, number>, option: CboeOption | null, position: number): void {
  const symbol = option?.option;
  const match = typeof symbol === 'string' ? OCC_SYMBOL.exec(symbol) : null;
  const expiration = match ? expirationOf(builder, series, match[1]!) : MALFORMED_DATE;
  if (!option || !match || expiration === MALFORMED_DATE) {
    builder.drop('malformed-symbol', position, `field option: expected an OCC symbol, found ${describe(symbol)}`);
    return;
  }
  for (const field of FIELDS) {
    if (isNumberOrAbsent(option[field])) continue;
    builder.drop('malformed-number', position, `field ${field}: expected a number, found ${describe(option[field])}`);
    return;
  }
  const { record } = builder;
  record.strike = Number(match[3]) / 1000;
  record.bid = numberOf(option.bid);
  record.ask = numberOf(option.ask);
  record.bidSize = numberOf(option.bid_size);
  record.askSize = numberOf(option.ask_size);
  record.last = numberOf(option.last_trade_price);
  record.volume = numberOf(option.volume);
  record.openInterest = numberOf(option.open_interest);
  record.mark = numberOf(option.theo);
  record.impliedVolatility = numberOf(option.iv);
  record.delta = numberOf(option.delta);
  builder.add(expiration, match[2] === 'C' ? CALL : PUT, position);
}

function expirationOf(builder: ChainBuilder, series: Map<string, number>, text: string): number {
  const known = series.get(text);
  if (known !== undefined) return known;
  const number = readOccExpiration(builder, text);
  series.set(text, number);
  return number;
}

function isNumberOrAbsent(value: unknown): boolean {
  return typeof value === 'number' || value === null || value === undefined || value === 'NaN' || value === '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw malformedFile(source, '', 'a JSON document', `${bytes.length} bytes that are none (${(cause as Error).message})`, { cause });
  }
}

function objectAt(value: unknown, source: string, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformedFile(source, field === '' ? '' : `field ${field}`, 'an object', describe(value));
}

function readSymbol(data: Readonly<Record<string, unknown>>, response: Readonly<Record<string, unknown>>, source: string): string {
  const text = data.symbol ?? response.symbol;
  const symbol = typeof text === 'string' ? normaliseSymbol(text) : '';
  if (symbol === '') throw malformedFile(source, 'field data.symbol', 'the symbol of the underlying', describe(text));
  return symbol;
}

function readTimestamp({ timestamp }: Readonly<Record<string, unknown>>, source: string): number {
  const match = typeof timestamp === 'string' && /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(timestamp);
  const quotedAtMs = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  if (Number.isNaN(quotedAtMs)) throw malformedFile(source, 'field timestamp', 'a UTC time like 2023-09-21 03:17:42', describe(timestamp));
  return quotedAtMs;
}

function quoteTime(kind: UnderlyingKind, answeredAtMs: number, lastTrade: unknown, options: readonly (CboeOption | null)[]): number {
  if (marketStateAt(kind, answeredAtMs) === 'REGULAR') return answeredAtMs;
  // Times of one fixed form: the greatest text is the latest.
  let newest = typeof lastTrade === 'string' ? lastTrade : '';
  for (const option of options) {
    const time = option?.last_trade_time;
    if (typeof time === 'string' && time > newest) newest = time;
  }
  const tradedAtMs = parseNewYorkTime(newest);
  return tradedAtMs === null ? answeredAtMs : Math.min(answeredAtMs, tradedAtMs);
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : quoteFound(typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value));
}
