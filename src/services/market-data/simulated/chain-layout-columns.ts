export interface LayoutSlice {
  readonly root: string;
  readonly date: string;
  readonly expiresAtMs: number;
  readonly first: number;
  readonly end: number;
}

export interface LayoutContracts {
  /** Stream of random numbers of the contract. */
  readonly key: Uint32Array;
  readonly openInterest: Float64Array;
  /** Contracts that will have traded when the day is over, bursts apart. */
  readonly dailyVolume: Float64Array;
  /** Contracts that trade at once at `burstAtMs`: someone takes a large position. 0 for most. */
  readonly burstVolume: Float64Array;
  readonly burstAtMs: Float64Array;
  /** Width of the contract's quotes against what is usual for its price. */
  readonly relativeSpread: Float64Array;
  /** Last price of the day before, unrounded. */
  readonly previousClose: Float64Array;
}

export function allocateContracts(size: number): LayoutContracts {
  return {
    key: new Uint32Array(size),
    openInterest: new Float64Array(size),
    dailyVolume: new Float64Array(size),
    burstVolume: new Float64Array(size),
    burstAtMs: new Float64Array(size),
    relativeSpread: new Float64Array(size),
    previousClose: new Float64Array(size),
  };
}
