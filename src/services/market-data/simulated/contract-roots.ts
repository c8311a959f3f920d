export interface ContractRoots {
  /** Root of the standard (third Friday) expirations. */
  readonly monthly: string;
  /** Root of all others; the same for all but indices, whose monthly contracts settle at the opening. */
  readonly weekly: string;
}
