import { parseDate } from '../calendar/day-number.ts';
import { CALL, PUT } from './chain-snapshot.ts';
import type { ContractTerms } from './occ-symbol.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Deribit instrument name: BTC, 2026-08-08, CALL, 64000 is `BTC-8AUG26-64000-C`; the strike 2.1 is written `2d1`. */
export function composeDeribitSymbol(root: string, date: string, right: number, strike: number): string {
  const month = MONTHS[Number(date.slice(5, 7)) - 1];
  return `${root}-${Number(date.slice(8, 10))}${month}${date.slice(2, 4)}-${String(strike).replace('.', 'd')}-${right === CALL ? 'C' : 'P'}`;
}

/** Reads the name of a Deribit option, inverse (BTC-…) or linear (SOL_USDC-…); null when it is not one. */
export function parseDeribitSymbol(symbol: string): ContractTerms | null {
  const match = /^([A-Z0-9]+(?:_[A-Z0-9]+)?)-(\d{1,2})([A-Z]{3})(\d{2})-(\d+(?:d\d+)?)-([CP])$/.exec(symbol);
  if (!match) return null;
  const month = MONTHS.indexOf(match[3]!) + 1;
  const date = `20${match[4]}-${String(month).padStart(2, '0')}-${match[2]!.padStart(2, '0')}`;
  if (month === 0 || parseDate(date) === null) return null;
  return { root: match[1]!, date, right: match[6] === 'C' ? CALL : PUT, strike: Number(match[5]!.replace('d', '.')) };
}
