import { parseDate } from '../calendar/day-number.ts';
import { CALL, PUT } from './chain-snapshot.ts';

/** What a contract symbol says. */
export interface ContractTerms {
  readonly root: string;
  /** Date of expiration, `YYYY-MM-DD`. */
  readonly date: string;
  /** CALL or PUT. */
  readonly right: number;
  readonly strike: number;
}

/**
 * OCC symbol without the padding of the root: RUT, 2023-10-20, CALL, 1000 is `RUT231020C01000000` (OSI: strike in thousandths, eight
 * digits).
 */
export function composeOccSymbol(root: string, date: string, right: number, strike: number): string {
  const thousandths = String(Math.round(strike * 1000)).padStart(8, '0');
  return `${root}${date.slice(2, 4)}${date.slice(5, 7)}${date.slice(8, 10)}${right === CALL ? 'C' : 'P'}${thousandths}`;
}

/** Reads an OCC symbol, padded or not; null when it is not one. Two-digit years are of this century. */
export function parseOccSymbol(symbol: string): ContractTerms | null {
  const match = /^(.+)([CP])(\d{8})$/.exec(symbol);
  const series = match && parseOccSeries(match[1]!);
  if (!match || !series) return null;
  return { ...series, right: match[2] === 'C' ? CALL : PUT, strike: Number(match[3]) / 1000 };
}

/** Reads the part of an OCC symbol that all contracts of one root and expiration share, `RUT231020`; null when it is not one. */
export function parseOccSeries(text: string): Pick<ContractTerms, 'root' | 'date'> | null {
  const match = /^([A-Z0-9]{1,6}) *(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!match) return null;
  const date = `20${match[2]}-${match[3]}-${match[4]}`;
  return parseDate(date) === null ? null : { root: match[1]!, date };
}
