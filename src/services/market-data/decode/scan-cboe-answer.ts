import { type ChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import { describeJson } from '../http/describe-json.ts';
import type { JsonObject } from '../http/json-object.ts';
import type { CboeAnswer } from './cboe-answer.ts';
import { CBOE_NUMBERS } from './cboe-option-scanner.ts';
import { createFieldInterner } from './field-interner.ts';
import { skipJsonSpace } from './json-bytes.ts';
import { MAXIMUM_JSON_BYTES } from './maximum-json-bytes.ts';
import { OCC_TERMS_LENGTH, occRight, occStrike } from './occ-field.ts';
import { readOccExpiration } from './read-occ-expiration.ts';
import { type CboeOptions, scanCboeOptions } from './scan-cboe-options.ts';

const OPTIONS_KEY = '"options"';
const COLON = 58;
/** Stands for the options in what JSON.parse is given of an answer whose options have been read; no one writes this into an answer. */
const READ_APART = '\u0000 read apart';

/** An answer with its options read straight from the bytes; null when it is not of the shape for that, valid or not (see parseCboeAnswer). */
export function scanCboeAnswer(bytes: Buffer): CboeAnswer | null {
  const key = bytes.indexOf(OPTIONS_KEY);
  const colon = key < 0 ? -1 : skipJsonSpace(bytes, key + OPTIONS_KEY.length);
  if (colon < 0 || bytes[colon] !== COLON) return null;
  const from = skipJsonSpace(bytes, colon + 1);
  const options = scanCboeOptions(bytes, from);
  if (options === null || from + bytes.length - options.end > MAXIMUM_JSON_BYTES) return null;
  const document = parseWithout(bytes, from, options.end);
  const data = isJsonObject(document) ? document.data : undefined;
  // Another key of that name, in another place, would not have left its mark here.
  if (!isJsonObject(document) || !isJsonObject(data) || data.options !== READ_APART) return null;
  return {
    response: document,
    data,
    count: options.count,
    newestTradeTime: options.newestTradeTime,
    addTo: (builder) => addScannedOptions(builder, bytes, options),
  };
}

/** The document with READ_APART where the options were; undefined when it is no JSON. */
function parseWithout(bytes: Buffer, from: number, end: number): unknown {
  const head = new TextDecoder().decode(bytes.subarray(0, from));
  // A byte order mark there is none: it must not be passed over.
  const tail = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(end));
  try {
    return JSON.parse(head + JSON.stringify(READ_APART) + tail);
  } catch {
    return undefined;
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function addScannedOptions(builder: ChainBuilder, bytes: Buffer, { count, symbolStarts, symbolEnds, numbers }: CboeOptions): void {
  const expirationAt = createFieldInterner(bytes, (text) => readOccExpiration(builder, text));
  const { record } = builder;
  for (let i = 0; i < count; i++) {
    const start = symbolStarts[i]!;
    const end = symbolEnds[i]!;
    const right = occRight(bytes, end);
    const strike = occStrike(bytes, start, end);
    const expiration = right < 0 || Number.isNaN(strike) ? MALFORMED_DATE : expirationAt(start, end - OCC_TERMS_LENGTH);
    if (expiration === MALFORMED_DATE) {
      const found = describeJson(bytes.toString('latin1', start, end));
      builder.drop('malformed-symbol', i + 1, `field option: expected an OCC symbol, found ${found}`);
      continue;
    }
    const at = i * CBOE_NUMBERS.length;
    record.strike = strike;
    record.bid = numbers[at]!;
    record.ask = numbers[at + 1]!;
    record.bidSize = numbers[at + 2]!;
    record.askSize = numbers[at + 3]!;
    record.last = numbers[at + 4]!;
    record.volume = numbers[at + 5]!;
    record.openInterest = numbers[at + 6]!;
    record.mark = numbers[at + 7]!;
    record.impliedVolatility = numbers[at + 8]!;
    record.delta = numbers[at + 9]!;
    builder.add(expiration, right, i + 1);
  }
}
