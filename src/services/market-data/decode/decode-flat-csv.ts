import type { ChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import type { ChainSelection } from './chain-format.ts';
import { type ChainGroup, createChainGroups } from './chain-groups.ts';
import { type CsvReader, createCsvReader } from './csv-reader.ts';
import { dropField, dropShort } from './drop-unreadable.ts';
import { createFieldInterner } from './field-interner.ts';
import { readHeader } from './read-header.ts';
import { requireUsable } from './require-usable.ts';

/** A CSV with named columns, one contract per line, of any number of underlyings and moments. */
export interface FlatCsvLayout<Required extends string, Optional extends string> {
  readonly required: readonly Required[];
  readonly optional: readonly Optional[];
  /** Columns that hold numbers, in the order in which `addLine` gets them. */
  readonly numbers: readonly (Required | Optional)[];
  /** Column of the quote time, how it is read (epoch ms, NaN when it is none) and what it should look like. */
  readonly quotedAt: { readonly column: Required; readonly read: (text: string) => number; readonly expected: string };
  /** Column of the underlying and how it is read (empty when it is none), or the symbol of the whole file. */
  readonly underlying: { readonly column: Required; readonly read: (text: string) => string } | string;
  readonly profile: (symbol: string) => UnderlyingProfile;
  readonly originalCurrency?: (symbol: string) => string;
  /** Number of an expiration of the chain from the text that names it (ChainBuilder.expiration). */
  readonly readExpiration: (builder: ChainBuilder, text: string, symbol: string) => number;
  /** Adds the current line to its chain, or drops it. */
  readonly addLine: (group: ChainGroup, line: FlatCsvLine<Required | Optional>) => void;
  /** What the file calls its prices, for messages. */
  readonly priceFields: string;
}

export interface FlatCsvLine<Column extends string> {
  readonly csv: CsvReader;
  readonly bytes: Uint8Array;
  /** At which field each column stands; -1: not in this file. */
  readonly columns: Readonly<Record<Column, number>>;
  /** The numbers of the current line, in the order of the layout; NaN: none. */
  readonly values: Float64Array;
}

/** Reads such a file into chains, in the order of time and symbol; only the selected one, when one is. Throws FeedMalformedError. */
export function decodeFlatCsv<Required extends string, Optional extends string>(
  layout: FlatCsvLayout<Required, Optional>,
  bytes: Uint8Array,
  source: string,
  only?: ChainSelection,
): ChainSnapshot[] {
  const { quotedAt, underlying, addLine } = layout;
  const csv = createCsvReader(bytes);
  const columns = readHeader(csv, source, layout.required, layout.optional);
  const fieldsNeeded = Math.max(...layout.required.map((name) => columns[name])) + 1;
  const numberFields = Int32Array.from(layout.numbers, (name) => columns[name]);
  const line = { csv, bytes, columns, values: new Float64Array(numberFields.length) };
  const groups = createChainGroups({ ...layout, bytes, source, only });
  const momentField = columns[quotedAt.column];
  const momentAt = createFieldInterner(bytes, (text) => quotedAt.read(text.trim()));
  const symbolField = typeof underlying === 'string' ? -1 : columns[underlying.column];
  const symbolAt = typeof underlying === 'string' ? () => underlying : createFieldInterner(bytes, underlying.read);
  while (csv.next()) {
    if (csv.fieldCount() < fieldsNeeded) {
      dropShort(groups.dropStray, csv, fieldsNeeded);
      continue;
    }
    const moment = momentAt(csv.start(momentField), csv.end(momentField));
    const symbol = symbolField < 0 ? symbolAt(0, 0) : symbolAt(csv.start(symbolField), csv.end(symbolField));
    const group = symbol === '' || Number.isNaN(moment) ? undefined : groups.at(symbol, moment);
    if (group === undefined) {
      if (symbol === '') dropField(groups.dropStray, csv, 'missing-field', symbolField, 'underlying', 'a symbol');
      else dropField(groups.dropStray, csv, 'malformed-number', momentField, quotedAt.column, quotedAt.expected);
    } else if (group !== null) {
      const fault = csv.numbers(numberFields, line.values);
      if (fault < 0) addLine(group, line);
      else dropField(group.builder.drop, csv, 'malformed-number', fault, layout.numbers[numberFields.indexOf(fault)]!, 'a number');
    }
  }
  const chains = groups.build();
  return only ? chains : requireUsable(chains, source, layout.priceFields);
}
