/** A mark as the socket told it last. */
export interface Mark {
  /** In the currency the option is quoted in, rounded to 4 decimals of coin by the channel. */
  price: number;
  /** Decimal. */
  impliedVolatility: number;
  /** By Deribit's clock, epoch milliseconds. */
  timestampMs: number;
}

/** Latest mark of each option of one coin. */
export interface MarkTable {
  set(instrument: string, price: number, impliedVolatility: number, timestampMs: number): void;
  get(instrument: string): Mark | undefined;
  /** Forgets marks from before this moment: of options that have expired, or that nobody tells any more. */
  forgetBefore(timestampMs: number): void;
  readonly size: number;
}

export function createMarkTable(): MarkTable {
  const marks = new Map<string, Mark>();
  return {
    set(instrument, price, impliedVolatility, timestampMs) {
      const known = marks.get(instrument);
      if (!known) {
        marks.set(instrument, { price, impliedVolatility, timestampMs });
      } else if (timestampMs >= known.timestampMs) {
        known.price = price;
        known.impliedVolatility = impliedVolatility;
        known.timestampMs = timestampMs;
      }
    },
    get: (instrument) => marks.get(instrument),
    forgetBefore(timestampMs) {
      for (const [instrument, mark] of marks) if (mark.timestampMs < timestampMs) marks.delete(instrument);
    },
    get size() {
      return marks.size;
    },
  };
}
