import { type ChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';
import { describeJson } from '../http/describe-json.ts';
import { jsonNumber } from '../http/json-number.ts';
import { jsonObject } from '../http/json-object.ts';
import type { CboeAnswer } from './cboe-answer.ts';
import { CBOE_NUMBERS } from './cboe-option-scanner.ts';
import { malformedFile } from './malformed-file.ts';
import { MAXIMUM_JSON_BYTES } from './maximum-json-bytes.ts';
import { readOccExpiration } from './read-occ-expiration.ts';

/** Series, right and strike. */
const OCC_SYMBOL = /^(.+)([CP])(\d{8})$/;
type CboeOption = { readonly [K in (typeof CBOE_NUMBERS)[number]]?: unknown } & {
  readonly option?: unknown;
  readonly last_trade_time?: unknown;
};

/** An answer of any valid shape. Throws FeedMalformedError for one that is no JSON document, too long a one, or has no list of options. */
export function parseCboeAnswer(bytes: Uint8Array, source: string): CboeAnswer {
  const response = jsonObject(parseJson(bytes, source), source, '');
  const data = jsonObject(response.data, source, 'data');
  const { options } = data;
  if (!Array.isArray(options)) throw malformedFile(source, 'field data.options', 'an array', describeJson(options));
  return {
    response,
    data,
    count: options.length,
    newestTradeTime: newestTradeTime(options),
    addTo(builder) {
      const series = new Map<string, number>();
      for (let i = 0; i < options.length; i++) addOption(builder, series, options[i], i + 1);
    },
  };
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  if (bytes.length > MAXIMUM_JSON_BYTES)
    throw malformedFile(source, '', `at most ${MAXIMUM_JSON_BYTES} bytes of JSON that is not as Cboe writes it`, `${bytes.length} bytes`);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw malformedFile(source, '', 'a JSON document', `${bytes.length} bytes that are none (${(cause as Error).message})`, { cause });
  }
}

/** @param series numbers of the expirations by the front part of the symbols, filled here */
function addOption(builder: ChainBuilder, series: Map<string, number>, option: CboeOption | null, position: number): void {
  const symbol = option?.option;
  const match = typeof symbol === 'string' ? OCC_SYMBOL.exec(symbol) : null;
  const expiration = match ? expirationOf(builder, series, match[1]!) : MALFORMED_DATE;
  if (!option || !match || expiration === MALFORMED_DATE) {
    builder.drop('malformed-symbol', position, `field option: expected an OCC symbol, found ${describeJson(symbol)}`);
    return;
  }
  for (const field of CBOE_NUMBERS) {
    if (isNumberOrAbsent(option[field])) continue;
    builder.drop('malformed-number', position, `field ${field}: expected a number, found ${describeJson(option[field])}`);
    return;
  }
  const { record } = builder;
  record.strike = Number(match[3]) / 1000;
  record.bid = jsonNumber(option.bid);
  record.ask = jsonNumber(option.ask);
  record.bidSize = jsonNumber(option.bid_size);
  record.askSize = jsonNumber(option.ask_size);
  record.last = jsonNumber(option.last_trade_price);
  record.volume = jsonNumber(option.volume);
  record.openInterest = jsonNumber(option.open_interest);
  record.mark = jsonNumber(option.theo);
  record.impliedVolatility = jsonNumber(option.iv);
  record.delta = jsonNumber(option.delta);
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

function newestTradeTime(options: readonly (CboeOption | null)[]): string {
  let newest = '';
  for (const option of options) {
    const time = option?.last_trade_time;
    if (typeof time === 'string' && time > newest) newest = time;
  }
  return newest;
}
