/** What kind of instrument the options are written on; decides trading hours. */
export type UnderlyingKind = 'INDEX' | 'EQUITY' | 'ETF' | 'CRYPTO';

/** Whether the holder may exercise before expiration. US single-stock and ETF options: AMERICAN; index and Deribit options: EUROPEAN. */
export type ExerciseStyle = 'AMERICAN' | 'EUROPEAN';

/** How contract symbols are written: OCC (`RUT   231020C01000000` without the padding) or Deribit (`BTC-28AUG26-105000-C`). */
export type Symbology = 'OCC' | 'DERIBIT';

export interface UnderlyingProfile {
  /** Upper case, without exchange prefixes: SPX, BTC, GOOG. */
  readonly symbol: string;
  readonly kind: UnderlyingKind;
  readonly exerciseStyle: ExerciseStyle;
  readonly symbology: Symbology;
  /** Units of the underlying one contract stands for: 100 for US options, 1 for Deribit. */
  readonly contractMultiplier: number;
  /** ISO 4217 code of every price in a chain of this underlying. */
  readonly currency: string;
}
