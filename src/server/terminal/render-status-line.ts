import type { ScannerState } from '../../services/scanner/scanner-status.ts';

export interface StatusReading {
  readonly state: ScannerState;
  /** Symbols scanned in the cycle that is going on, and how many it has. */
  readonly symbolsDone: number;
  readonly symbolsTotal: number;
  readonly contractsPerSecond: number;
  /** Since the process started. */
  readonly results: number;
  /** Open subscriptions. */
  readonly subscribers: number;
}

export interface StatusLineStyle {
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly color: boolean;
}

const GREEN = 32;
const YELLOW = 33;

const STATES: Readonly<Record<ScannerState, { readonly word: string; readonly color: number }>> = {
  STARTING: { word: 'starting', color: YELLOW },
  RUNNING: { word: 'scanning', color: GREEN },
  HOLDING: { word: 'waiting for the database', color: YELLOW },
  STOPPED: { word: 'stopped', color: YELLOW },
  ENDED: { word: 'recording ended', color: YELLOW },
};

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

function number(format: Intl.NumberFormat, value: number): string {
  return format.format(Number.isFinite(value) ? value : 0);
}

function counted(value: number, unit: string): string {
  return `${number(whole, value)} ${unit}${value === 1 ? '' : 's'}`;
}

/** The status as one line of at most `columns - 1` characters (a full line would wrap), cut with an ellipsis. No line end. */
export function renderStatusLine(reading: StatusReading, { columns, color }: StatusLineStyle): string {
  const state = STATES[reading.state];
  const line = [
    state.word,
    `${number(whole, reading.symbolsDone)}/${counted(reading.symbolsTotal, 'symbol')}`,
    `${number(compact, reading.contractsPerSecond)} contracts/s`,
    counted(reading.results, 'result'),
    counted(reading.subscribers, 'subscriber'),
  ].join(' · ');
  const room = Math.max(columns - 1, 0);
  const shown = line.length <= room ? line : `${line.slice(0, Math.max(room - 1, 0))}${room > 0 ? '…' : ''}`;
  if (!color) return shown;
  const word = shown.slice(0, state.word.length);
  return `\u001b[${state.color}m${word}\u001b[39m${shown.slice(word.length)}`;
}
