/** Generated from operations.graphql and schema.graphql by `npm run client:operations`. */
import type { OperationDocument } from './operation-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Inclusive calendar dates. */
export type DateRangeInput = {
  /** Last date that passes. */
  readonly max?: string | null | undefined;
  /** First date that passes. */
  readonly min?: string | null | undefined;
};

/** Which rows a subscriber is sent. */
export type DeliveryContract =
  /** All of them. */
  | 'EVERY'
  /** The newest of each opportunity (filter and legs), or of each filter; what it replaces before it is sent is left out and does not count as missed. */
  | 'LATEST';

/** How a subscriber wants to be served. The server grants it within its limits and says in each item what it granted. */
export type DeliveryInput = {
  /** Most rows that wait for the subscriber. Nothing: as many as the server allows. */
  readonly buffer?: number | null | undefined;
  /** Which rows to send. */
  readonly contract?: DeliveryContract | null | undefined;
  /** Most items per second; rows that come faster are sent together. Nothing: as they come. */
  readonly maxRatePerSecond?: number | null | undefined;
  /** What to do when the subscriber does not keep up. */
  readonly overflow?: OverflowPolicy | null | undefined;
};

/** What happened to a filter. */
export type FilterChangeKind =
  /** It was made. */
  | 'CREATED'
  /** It was deleted. */
  | 'DELETED'
  /** It was taken back into use after it had been deleted. */
  | 'RESTORED'
  /** It was changed. */
  | 'UPDATED';

/** A new filter. */
export type FilterCreateInput = {
  /** What a result must be like. */
  readonly criteria: FilterCriteriaInput;
  /** What it is for; at most 2,000 characters. */
  readonly description?: string;
  /** Whether the scanner applies it. */
  readonly enabled?: boolean;
  /** Any text of yours, 1 to 255 characters: the same key again answers with the filter it made, and makes no second one. */
  readonly idempotencyKey?: string | null | undefined;
  /** What it takes at most. */
  readonly limits?: FilterLimitsInput | null | undefined;
  /** 1 to 100 characters, not taken by another filter. */
  readonly name: string;
  /** For the revisions and the audit trail; at most 500 characters. */
  readonly reason?: string | null | undefined;
  /** Who sees it and what it finds. */
  readonly visibility?: FilterVisibility;
};

/** What a result must be like: everything stated must hold. Nothing stated matches everything. */
export type FilterCriteriaInput = {
  /** Every group must hold. */
  readonly all?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** Return on risk · 365 / days to expiration, simple, as a fraction. */
  readonly annualizedReturn?: FloatRangeInput | null | undefined;
  /** At least one group must hold, when there are some. */
  readonly any?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** What the option legs can be bought for together now, quote currency per unit; negative when opening pays a credit. */
  readonly ask?: FloatRangeInput | null | undefined;
  /** What the option legs can be sold for together now, quote currency per unit; negative when closing costs money. */
  readonly bid?: FloatRangeInput | null | undefined;
  /** Lower break-even price of the underlying at expiration; the only one if there is one. */
  readonly breakevenLower?: FloatRangeInput | null | undefined;
  /** Upper break-even price of the underlying at expiration; null if there is only one. */
  readonly breakevenUpper?: FloatRangeInput | null | undefined;
  /** Calendar days from the quote to expiration, fractional. */
  readonly daysToExpiration?: FloatRangeInput | null | undefined;
  /** Position delta, per 1.00 of the underlying; stock that is held counts 1. */
  readonly delta?: FloatRangeInput | null | undefined;
  /** One standard deviation of the underlying until expiration, S·IV·√(DTE/365) at the money, quote currency. */
  readonly expectedMove?: FloatRangeInput | null | undefined;
  /** Mean payoff at expiration under the risk-neutral density, discounted to today, less the cost at the mark; quote currency per unit. The density is that of the smoothed volatility smile of the expiration, so that it is 0 where the marks agree with their neighbours. Stock that is held counts 0. Null with fewer than five strikes. */
  readonly expectedValue?: FloatRangeInput | null | undefined;
  /** Expiration of the nearest leg. */
  readonly expiration?: DateRangeInput | null | undefined;
  /** Position gamma, per 1.00 of the underlying. */
  readonly gamma?: FloatRangeInput | null | undefined;
  /** Implied volatility as a decimal (0.25 = 25 %); mean of the short legs, or of the legs if none is short. */
  readonly impliedVolatility?: FloatRangeInput | null | undefined;
  /** Share of the last 252 trading days with lower 30-day at-the-money volatility, 0 to 100; null with too little history. */
  readonly ivPercentile?: FloatRangeInput | null | undefined;
  /** 100·(IV-min)/(max-min) of 30-day at-the-money volatility over 252 trading days, 0 to 100; null with too little history. */
  readonly ivRank?: FloatRangeInput | null | undefined;
  /** Middle of that bid and ask, quote currency per unit. */
  readonly mark?: FloatRangeInput | null | undefined;
  /** Greatest loss at expiration as a positive number, quote currency per unit; null when unlimited. */
  readonly maxLoss?: FloatRangeInput | null | undefined;
  /** Greatest profit at expiration, quote currency per unit; null when unlimited. */
  readonly maxProfit?: FloatRangeInput | null | undefined;
  /** Standardised moneyness ln(K/F)/(IV·√T) of the short leg; the nearest to zero of two short legs, or of all legs if none is short. */
  readonly moneyness?: FloatRangeInput | null | undefined;
  /** Credit received (+) or debit paid (-) when opened at the mark, quote currency per unit; without the stock of a covered call. */
  readonly netCredit?: FloatRangeInput | null | undefined;
  /** No group may hold. */
  readonly none?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** Open contracts; the smallest among the option legs. */
  readonly openInterest?: FloatRangeInput | null | undefined;
  /** Sum of the absolute marks of the option legs, quote currency per unit. */
  readonly premium?: FloatRangeInput | null | undefined;
  /** Probability that a short leg, either of two, expires in the money (any leg if none is short); risk-neutral, 0 to 1. */
  readonly probabilityInTheMoney?: FloatRangeInput | null | undefined;
  /** Probability that the profit at expiration is above 0: of ending on the winning side of the break-evens, risk-neutral, lognormal under the implied volatility of the chain at each break-even; 0 to 1. */
  readonly probabilityOfProfit?: FloatRangeInput | null | undefined;
  /** Maximum profit divided by maximum loss, as a fraction; null when either is unlimited. */
  readonly returnOnRisk?: FloatRangeInput | null | undefined;
  /** Position rho, quote currency per +1 % rate. */
  readonly rho?: FloatRangeInput | null | undefined;
  /** Composite score, 0 (poor) to 100 (excellent). */
  readonly score?: FloatRangeInput | null | undefined;
  /** Largest absolute delta among the short option legs, 0 to 1; null without a short leg. */
  readonly shortDelta?: FloatRangeInput | null | undefined;
  /** That ask less that bid, quote currency per unit. */
  readonly spread?: FloatRangeInput | null | undefined;
  /** Spread divided by the absolute mark, as a fraction (0.05 = 5 %). */
  readonly spreadPercent?: FloatRangeInput | null | undefined;
  /** Strategies. */
  readonly strategies?: StrategySetInput | null | undefined;
  /** Underlyings. */
  readonly symbols?: SymbolSetInput | null | undefined;
  /** Position theta, quote currency per calendar day. */
  readonly theta?: FloatRangeInput | null | undefined;
  /** Theta per calendar day divided by the net credit, as a fraction; null without a credit. */
  readonly thetaYield?: FloatRangeInput | null | undefined;
  /** Price of the underlying, quote currency per unit. */
  readonly underlyingPrice?: FloatRangeInput | null | undefined;
  /** Position vega, quote currency per +1 volatility point. */
  readonly vega?: FloatRangeInput | null | undefined;
  /** Contracts traded today; the smallest among the option legs. */
  readonly volume?: FloatRangeInput | null | undefined;
  /** Volume divided by open interest, as a fraction; of the leg with the smallest open interest. */
  readonly volumeToOpenInterest?: FloatRangeInput | null | undefined;
};

/** What a filter takes at most; what is not given is not limited by the filter. */
export type FilterLimitsInput = {
  /** How long after a result the same legs are not stored again, 1 to 604,800 seconds, however their quotes change. */
  readonly cooldownSeconds?: number | null | undefined;
  /** Lowest score that is stored, 0 to 100. */
  readonly minimumScore?: number | null | undefined;
  /** Results of one underlying in one pass, 1 to 1,000, the best first; the server may grant fewer. */
  readonly resultsPerUnderlying?: number | null | undefined;
};

/** Who sees a filter and what it finds. */
export type FilterVisibility =
  /** Its owner and administrators. */
  | 'PRIVATE'
  /** Whoever may read filters. */
  | 'SHARED';

/** Inclusive bounds. A value that is unknown lies in no range. */
export type FloatRangeInput = {
  /** True: passes only when the value is unknown. False: only when it is known. */
  readonly isNull?: boolean | null | undefined;
  /** Greatest value that passes. */
  readonly max?: number | null | undefined;
  /** Smallest value that passes. */
  readonly min?: number | null | undefined;
};

/** Why an opportunity has left. */
export type LeaveReason =
  /** Its options expired. */
  | 'EXPIRED'
  /** Its filter was disabled or deleted, or changed so that it no longer passes. */
  | 'FILTER_CHANGED'
  /** A completed scan of its underlying did not find it again, or found enough that scored higher. */
  | 'NOT_FOUND';

/** What happened to an opportunity. */
export type OpportunityChangeKind =
  /** A scan found it that was not there before. */
  | 'ENTERED'
  /** It is over. */
  | 'LEFT'
  /** A scan found it again with other values, or by another revision of its filter. */
  | 'UPDATED';

/** Which opportunities are meant: everything stated must hold. Nothing stated means all. */
export type OpportunityFilter = {
  /** Only those of these filters. */
  readonly filterIds?: ReadonlyArray<string | number> | null | undefined;
  /** Only those whose best score is at least this, 0 to 100. It never falls: whoever was told of an opportunity is told when it leaves. The first change told may be UPDATED, when only then it is good enough. */
  readonly minimumScore?: number | null | undefined;
  /** Only those still there, or only past ones. Of no effect on changes. */
  readonly state?: OpportunityState | null | undefined;
  /** Only these strategies. */
  readonly strategies?: ReadonlyArray<Strategy> | null | undefined;
  /** Only those on these underlyings. */
  readonly symbols?: ReadonlyArray<string> | null | undefined;
};

/** Whether an opportunity is still there. */
export type OpportunityState =
  /** The newest scan of its underlying found it, or could not tell. */
  | 'ACTIVE'
  /** It has left. */
  | 'PAST';

/** What the holder may do. */
export type OptionRight =
  /** Buy the underlying at the strike. */
  | 'CALL'
  /** Sell the underlying at the strike. */
  | 'PUT';

/** Which end comes first. */
export type OrderDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Greatest or newest first. */
  | 'DESC';

/** What happens when a subscriber takes less than comes and its buffer is full. */
export type OverflowPolicy =
  /** The connection is closed: WebSocket code 4413, or an error and the end of a stream of events. Subscribing again after the last cursor loses nothing. */
  | 'CLOSE'
  /** Only the newest row of each opportunity (filter and legs), or of each filter, is kept; the next item tells in `missed` how many it replaced. */
  | 'CONFLATE'
  /** The oldest rows that wait are dropped; the next item tells how many in `missed`. */
  | 'DROP_OLDEST';

/** Underlyings to be scanned before everything else. */
export type ScanRequestInput = {
  /** Only these enabled filters, at most 50; by default all. */
  readonly filterIds?: ReadonlyArray<string | number> | null | undefined;
  /** Any text of yours, 1 to 255 characters: the same key again answers with the run it made, and makes no second one. */
  readonly idempotencyKey?: string | null | undefined;
  /** 1 to 100 underlyings of the feed. */
  readonly symbols: ReadonlyArray<string>;
};

/** Which results are meant: everything stated must hold. Nothing stated means all. */
export type ScanResultFilter = {
  /** Every group must hold. */
  readonly all?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** Return on risk · 365 / days to expiration, simple, as a fraction. */
  readonly annualizedReturn?: FloatRangeInput | null | undefined;
  /** At least one group must hold, when there are some. */
  readonly any?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** What the option legs can be bought for together now, quote currency per unit; negative when opening pays a credit. */
  readonly ask?: FloatRangeInput | null | undefined;
  /** What the option legs can be sold for together now, quote currency per unit; negative when closing costs money. */
  readonly bid?: FloatRangeInput | null | undefined;
  /** Lower break-even price of the underlying at expiration; the only one if there is one. */
  readonly breakevenLower?: FloatRangeInput | null | undefined;
  /** Upper break-even price of the underlying at expiration; null if there is only one. */
  readonly breakevenUpper?: FloatRangeInput | null | undefined;
  /** Calendar days from the quote to expiration, fractional. */
  readonly daysToExpiration?: FloatRangeInput | null | undefined;
  /** Position delta, per 1.00 of the underlying; stock that is held counts 1. */
  readonly delta?: FloatRangeInput | null | undefined;
  /** One standard deviation of the underlying until expiration, S·IV·√(DTE/365) at the money, quote currency. */
  readonly expectedMove?: FloatRangeInput | null | undefined;
  /** Mean payoff at expiration under the risk-neutral density, discounted to today, less the cost at the mark; quote currency per unit. The density is that of the smoothed volatility smile of the expiration, so that it is 0 where the marks agree with their neighbours. Stock that is held counts 0. Null with fewer than five strikes. */
  readonly expectedValue?: FloatRangeInput | null | undefined;
  /** Expiration of the nearest leg. */
  readonly expiration?: DateRangeInput | null | undefined;
  /** Only results of these filters. */
  readonly filterIds?: ReadonlyArray<string | number> | null | undefined;
  /** Position gamma, per 1.00 of the underlying. */
  readonly gamma?: FloatRangeInput | null | undefined;
  /** Implied volatility as a decimal (0.25 = 25 %); mean of the short legs, or of the legs if none is short. */
  readonly impliedVolatility?: FloatRangeInput | null | undefined;
  /** Share of the last 252 trading days with lower 30-day at-the-money volatility, 0 to 100; null with too little history. */
  readonly ivPercentile?: FloatRangeInput | null | undefined;
  /** 100·(IV-min)/(max-min) of 30-day at-the-money volatility over 252 trading days, 0 to 100; null with too little history. */
  readonly ivRank?: FloatRangeInput | null | undefined;
  /** Middle of that bid and ask, quote currency per unit. */
  readonly mark?: FloatRangeInput | null | undefined;
  /** Greatest loss at expiration as a positive number, quote currency per unit; null when unlimited. */
  readonly maxLoss?: FloatRangeInput | null | undefined;
  /** Greatest profit at expiration, quote currency per unit; null when unlimited. */
  readonly maxProfit?: FloatRangeInput | null | undefined;
  /** Standardised moneyness ln(K/F)/(IV·√T) of the short leg; the nearest to zero of two short legs, or of all legs if none is short. */
  readonly moneyness?: FloatRangeInput | null | undefined;
  /** Credit received (+) or debit paid (-) when opened at the mark, quote currency per unit; without the stock of a covered call. */
  readonly netCredit?: FloatRangeInput | null | undefined;
  /** No group may hold. */
  readonly none?: ReadonlyArray<FilterCriteriaInput> | null | undefined;
  /** Open contracts; the smallest among the option legs. */
  readonly openInterest?: FloatRangeInput | null | undefined;
  /** Sum of the absolute marks of the option legs, quote currency per unit. */
  readonly premium?: FloatRangeInput | null | undefined;
  /** Probability that a short leg, either of two, expires in the money (any leg if none is short); risk-neutral, 0 to 1. */
  readonly probabilityInTheMoney?: FloatRangeInput | null | undefined;
  /** Probability that the profit at expiration is above 0: of ending on the winning side of the break-evens, risk-neutral, lognormal under the implied volatility of the chain at each break-even; 0 to 1. */
  readonly probabilityOfProfit?: FloatRangeInput | null | undefined;
  /** Maximum profit divided by maximum loss, as a fraction; null when either is unlimited. */
  readonly returnOnRisk?: FloatRangeInput | null | undefined;
  /** Position rho, quote currency per +1 % rate. */
  readonly rho?: FloatRangeInput | null | undefined;
  /** Only results of these runs. */
  readonly scanRunIds?: ReadonlyArray<string | number> | null | undefined;
  /** Composite score, 0 (poor) to 100 (excellent). */
  readonly score?: FloatRangeInput | null | undefined;
  /** Largest absolute delta among the short option legs, 0 to 1; null without a short leg. */
  readonly shortDelta?: FloatRangeInput | null | undefined;
  /** That ask less that bid, quote currency per unit. */
  readonly spread?: FloatRangeInput | null | undefined;
  /** Spread divided by the absolute mark, as a fraction (0.05 = 5 %). */
  readonly spreadPercent?: FloatRangeInput | null | undefined;
  /** Strategies. */
  readonly strategies?: StrategySetInput | null | undefined;
  /** Underlyings. */
  readonly symbols?: SymbolSetInput | null | undefined;
  /** Position theta, quote currency per calendar day. */
  readonly theta?: FloatRangeInput | null | undefined;
  /** Theta per calendar day divided by the net credit, as a fraction; null without a credit. */
  readonly thetaYield?: FloatRangeInput | null | undefined;
  /** Price of the underlying, quote currency per unit. */
  readonly underlyingPrice?: FloatRangeInput | null | undefined;
  /** Position vega, quote currency per +1 volatility point. */
  readonly vega?: FloatRangeInput | null | undefined;
  /** Contracts traded today; the smallest among the option legs. */
  readonly volume?: FloatRangeInput | null | undefined;
  /** Volume divided by open interest, as a fraction; of the leg with the smallest open interest. */
  readonly volumeToOpenInterest?: FloatRangeInput | null | undefined;
};

/** The order of results. */
export type ScanResultOrder = {
  /** Which end comes first. */
  readonly direction?: OrderDirection;
  /** What to order by. */
  readonly field: ScanResultOrderField;
};

/** What results can be ordered by. */
export type ScanResultOrderField =
  /** When the result was stored. */
  | 'DETECTED_AT'
  /** Maximum profit divided by maximum loss; results without it are left out. */
  | 'RETURN_ON_RISK'
  /** Composite score. */
  | 'SCORE';

/** How far a scan run is. */
export type ScanRunState =
  /** The scanner was stopped before the run was complete. */
  | 'CANCELLED'
  /** Every symbol was tried and at least one was scanned or left out on purpose. */
  | 'COMPLETED'
  /** No symbol could be scanned. */
  | 'FAILED'
  /** The process ended before the run did. */
  | 'INTERRUPTED'
  /** Not begun. */
  | 'QUEUED'
  /** Begun, symbols are left. */
  | 'RUNNING';

/** What the scanner does. */
export type ScannerState =
  /** The recording is at its end. */
  | 'ENDED'
  /** Results cannot be stored now: they are held, and the scanner slows down. */
  | 'HOLDING'
  /** Cycles follow one another. */
  | 'RUNNING'
  /** Waits for the feed to tell its underlyings. */
  | 'STARTING'
  /** No cycles; requests are still served. */
  | 'STOPPED';

/** A way to combine contracts. */
export type Strategy =
  /** Sell a call, buy a higher one: a credit. */
  | 'BEAR_CALL_SPREAD'
  /** Buy a put, sell a lower one: a debit. */
  | 'BEAR_PUT_SPREAD'
  /** Buy a call, sell a higher one: a debit. */
  | 'BULL_CALL_SPREAD'
  /** Sell a put, buy a lower one: a credit. */
  | 'BULL_PUT_SPREAD'
  /** Sell one put, the cash to take the underlying at hand. */
  | 'CASH_SECURED_PUT'
  /** Hold the underlying, sell one call above it. */
  | 'COVERED_CALL'
  /** A bull put spread below and a bear call spread above. */
  | 'IRON_CONDOR'
  /** Buy one call. */
  | 'LONG_CALL'
  /** Buy one put. */
  | 'LONG_PUT'
  /** Buy a put and a call of the same strike. */
  | 'LONG_STRADDLE'
  /** Buy a put below and a call above. */
  | 'LONG_STRANGLE'
  /** Sell a put and a call of the same strike. */
  | 'SHORT_STRADDLE'
  /** Sell a put below and a call above. */
  | 'SHORT_STRANGLE';

/** Strategies. */
export type StrategySetInput = {
  /** Only these. */
  readonly in?: ReadonlyArray<Strategy> | null | undefined;
  /** None of these. */
  readonly notIn?: ReadonlyArray<Strategy> | null | undefined;
};

/** Where an item of a subscription comes from. */
export type StreamPhase =
  /** What has just happened. */
  | 'LIVE'
  /** What was missed since the given cursor. */
  | 'REPLAY'
  /** What was there when the subscription began. */
  | 'SNAPSHOT';

/** Underlyings by symbol. */
export type SymbolSetInput = {
  /** Only these. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** None of these. */
  readonly notIn?: ReadonlyArray<string> | null | undefined;
};

export type LiveResultsSubscriptionVariables = Exact<{
  filter?: ScanResultFilter | null | undefined;
  after?: string | null | undefined;
  snapshot?: number | null | undefined;
  delivery?: DeliveryInput | null | undefined;
}>;

export type LiveResultsSubscription = {
  readonly scanResults: {
    readonly phase: StreamPhase;
    readonly cursor: string;
    readonly missed: number;
    readonly missedSince: string | null;
    readonly results: ReadonlyArray<{
      readonly id: string;
      readonly detectedAt: string;
      readonly symbol: string;
      readonly strategy: Strategy;
      readonly expiration: string;
      readonly daysToExpiration: number | null;
      readonly netCredit: number | null;
      readonly maxProfit: number | null;
      readonly maxLoss: number | null;
      readonly probabilityOfProfit: number | null;
      readonly returnOnRisk: number | null;
      readonly score: number | null;
      readonly reasons: ReadonlyArray<string>;
      readonly filter: { readonly name: string };
      readonly legs: ReadonlyArray<
        | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
        | { readonly symbol: string; readonly quantity: number }
      >;
    }>;
  };
};

export type ResultPageQueryVariables = Exact<{
  filter?: ScanResultFilter | null | undefined;
  orderBy?: ScanResultOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type ResultPageQuery = {
  readonly scanResults: {
    readonly edges: ReadonlyArray<{
      readonly cursor: string;
      readonly node: {
        readonly id: string;
        readonly detectedAt: string;
        readonly symbol: string;
        readonly strategy: Strategy;
        readonly expiration: string;
        readonly daysToExpiration: number | null;
        readonly netCredit: number | null;
        readonly maxProfit: number | null;
        readonly maxLoss: number | null;
        readonly probabilityOfProfit: number | null;
        readonly returnOnRisk: number | null;
        readonly score: number | null;
        readonly reasons: ReadonlyArray<string>;
        readonly filter: { readonly name: string };
        readonly legs: ReadonlyArray<
          | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
          | { readonly symbol: string; readonly quantity: number }
        >;
      };
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type LiveResultFragment = {
  readonly id: string;
  readonly detectedAt: string;
  readonly symbol: string;
  readonly strategy: Strategy;
  readonly expiration: string;
  readonly daysToExpiration: number | null;
  readonly netCredit: number | null;
  readonly maxProfit: number | null;
  readonly maxLoss: number | null;
  readonly probabilityOfProfit: number | null;
  readonly returnOnRisk: number | null;
  readonly score: number | null;
  readonly reasons: ReadonlyArray<string>;
  readonly filter: { readonly name: string };
  readonly legs: ReadonlyArray<
    | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
    | { readonly symbol: string; readonly quantity: number }
  >;
};

export type LiveOpportunitiesSubscriptionVariables = Exact<{
  filter?: OpportunityFilter | null | undefined;
  after?: string | null | undefined;
  snapshot?: number | null | undefined;
  delivery?: DeliveryInput | null | undefined;
}>;

export type LiveOpportunitiesSubscription = {
  readonly opportunities: {
    readonly phase: StreamPhase;
    readonly cursor: string;
    readonly missed: number;
    readonly missedSince: string | null;
    readonly changes: ReadonlyArray<{
      readonly at: string;
      readonly kind: OpportunityChangeKind;
      readonly opportunity: {
        readonly id: string;
        readonly symbol: string;
        readonly strategy: Strategy;
        readonly expiration: string;
        readonly firstSeenAt: string;
        readonly lastScore: number;
        readonly bestScore: number;
        readonly observations: number;
        readonly leaveReason: LeaveReason | null;
        readonly filter: { readonly name: string };
        readonly legs: ReadonlyArray<
          | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
          | { readonly symbol: string; readonly quantity: number }
        >;
      };
    }>;
  };
};

export type OpportunityChangePageQueryVariables = Exact<{
  filter?: OpportunityFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;

export type OpportunityChangePageQuery = {
  readonly opportunityChanges: {
    readonly edges: ReadonlyArray<{
      readonly cursor: string;
      readonly node: {
        readonly at: string;
        readonly kind: OpportunityChangeKind;
        readonly opportunity: {
          readonly id: string;
          readonly symbol: string;
          readonly strategy: Strategy;
          readonly expiration: string;
          readonly firstSeenAt: string;
          readonly lastScore: number;
          readonly bestScore: number;
          readonly observations: number;
          readonly leaveReason: LeaveReason | null;
          readonly filter: { readonly name: string };
          readonly legs: ReadonlyArray<
            | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
            | { readonly symbol: string; readonly quantity: number }
          >;
        };
      };
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type LiveOpportunityChangeFragment = {
  readonly at: string;
  readonly kind: OpportunityChangeKind;
  readonly opportunity: {
    readonly id: string;
    readonly symbol: string;
    readonly strategy: Strategy;
    readonly expiration: string;
    readonly firstSeenAt: string;
    readonly lastScore: number;
    readonly bestScore: number;
    readonly observations: number;
    readonly leaveReason: LeaveReason | null;
    readonly filter: { readonly name: string };
    readonly legs: ReadonlyArray<
      | { readonly right: OptionRight; readonly strike: number; readonly symbol: string; readonly quantity: number }
      | { readonly symbol: string; readonly quantity: number }
    >;
  };
};

export type LiveFilterChangesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  delivery?: DeliveryInput | null | undefined;
}>;

export type LiveFilterChangesSubscription = {
  readonly filterChanges: {
    readonly phase: StreamPhase;
    readonly cursor: string;
    readonly missed: number;
    readonly missedSince: string | null;
    readonly changes: ReadonlyArray<{
      readonly at: string;
      readonly kind: FilterChangeKind;
      readonly name: string;
      readonly description: string;
      readonly enabled: boolean;
      readonly revision: number;
      readonly filter: { readonly id: string };
    }>;
  };
};

export type ScannerProgressSubscriptionVariables = Exact<{ [key: string]: never }>;

export type ScannerProgressSubscription = {
  readonly scanner: {
    readonly state: ScannerState;
    readonly contractsPerSecond: number;
    readonly cycle: { readonly symbolsDone: number; readonly symbolsTotal: number; readonly results: number } | null;
    readonly totals: { readonly contracts: number; readonly results: number; readonly duplicates: number };
    readonly failing: ReadonlyArray<{ readonly symbol: string; readonly code: string; readonly message: string }>;
  };
};

export type CreateFilterMutationVariables = Exact<{
  input: FilterCreateInput;
}>;

export type CreateFilterMutation = {
  readonly filterCreate:
    | { readonly __typename: 'ConflictError'; readonly message: string }
    | {
        readonly __typename: 'FilterCreatePayload';
        readonly filter: { readonly id: string; readonly name: string; readonly revision: number };
      }
    | { readonly __typename: 'LimitExceededError'; readonly message: string }
    | {
        readonly __typename: 'ValidationError';
        readonly message: string;
        readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>;
      };
};

export type RequestScanMutationVariables = Exact<{
  input: ScanRequestInput;
}>;

export type RequestScanMutation = {
  readonly scanRequest:
    | { readonly __typename: 'ConflictError'; readonly message: string }
    | { readonly __typename: 'LimitExceededError'; readonly message: string }
    | {
        readonly __typename: 'ScanRequestPayload';
        readonly scanRun: { readonly id: string; readonly state: ScanRunState; readonly symbols: ReadonlyArray<string> };
      }
    | { readonly __typename: 'ValidationError'; readonly message: string };
};

export const LiveResults: OperationDocument<LiveResultsSubscription, LiveResultsSubscriptionVariables> =
  `subscription LiveResults($filter: ScanResultFilter, $after: String, $snapshot: Int, $delivery: DeliveryInput) {
  scanResults(
    filter: $filter
    after: $after
    snapshot: $snapshot
    delivery: $delivery
  ) {
    phase
    cursor
    missed
    missedSince
    results {
      ...LiveResult
    }
  }
}

fragment LiveResult on ScanResult {
  id
  detectedAt
  symbol
  strategy
  expiration
  daysToExpiration
  netCredit
  maxProfit
  maxLoss
  probabilityOfProfit
  returnOnRisk
  score
  reasons
  filter {
    name
  }
  legs {
    symbol
    quantity
    ... on OptionLeg {
      right
      strike
    }
  }
}`;

export const ResultPage: OperationDocument<ResultPageQuery, ResultPageQueryVariables> =
  `query ResultPage($filter: ScanResultFilter, $orderBy: ScanResultOrder, $first: Int, $after: String) {
  scanResults(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    edges {
      cursor
      node {
        ...LiveResult
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

fragment LiveResult on ScanResult {
  id
  detectedAt
  symbol
  strategy
  expiration
  daysToExpiration
  netCredit
  maxProfit
  maxLoss
  probabilityOfProfit
  returnOnRisk
  score
  reasons
  filter {
    name
  }
  legs {
    symbol
    quantity
    ... on OptionLeg {
      right
      strike
    }
  }
}`;

export const LiveOpportunities: OperationDocument<LiveOpportunitiesSubscription, LiveOpportunitiesSubscriptionVariables> =
  `subscription LiveOpportunities($filter: OpportunityFilter, $after: String, $snapshot: Int, $delivery: DeliveryInput) {
  opportunities(
    filter: $filter
    after: $after
    snapshot: $snapshot
    delivery: $delivery
  ) {
    phase
    cursor
    missed
    missedSince
    changes {
      ...LiveOpportunityChange
    }
  }
}

fragment LiveOpportunityChange on OpportunityChange {
  at
  kind
  opportunity {
    id
    symbol
    strategy
    expiration
    firstSeenAt
    lastScore
    bestScore
    observations
    leaveReason
    filter {
      name
    }
    legs {
      symbol
      quantity
      ... on OptionLeg {
        right
        strike
      }
    }
  }
}`;

export const OpportunityChangePage: OperationDocument<OpportunityChangePageQuery, OpportunityChangePageQueryVariables> =
  `query OpportunityChangePage($filter: OpportunityFilter, $first: Int, $after: String) {
  opportunityChanges(filter: $filter, first: $first, after: $after) {
    edges {
      cursor
      node {
        ...LiveOpportunityChange
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

fragment LiveOpportunityChange on OpportunityChange {
  at
  kind
  opportunity {
    id
    symbol
    strategy
    expiration
    firstSeenAt
    lastScore
    bestScore
    observations
    leaveReason
    filter {
      name
    }
    legs {
      symbol
      quantity
      ... on OptionLeg {
        right
        strike
      }
    }
  }
}`;

export const LiveFilterChanges: OperationDocument<LiveFilterChangesSubscription, LiveFilterChangesSubscriptionVariables> =
  `subscription LiveFilterChanges($after: String, $delivery: DeliveryInput) {
  filterChanges(after: $after, delivery: $delivery) {
    phase
    cursor
    missed
    missedSince
    changes {
      at
      kind
      name
      description
      enabled
      revision
      filter {
        id
      }
    }
  }
}`;

export const ScannerProgress: OperationDocument<ScannerProgressSubscription, ScannerProgressSubscriptionVariables> =
  `subscription ScannerProgress {
  scanner {
    state
    contractsPerSecond
    cycle {
      symbolsDone
      symbolsTotal
      results
    }
    totals {
      contracts
      results
      duplicates
    }
    failing {
      symbol
      code
      message
    }
  }
}`;

export const CreateFilter: OperationDocument<CreateFilterMutation, CreateFilterMutationVariables> =
  `mutation CreateFilter($input: FilterCreateInput!) {
  filterCreate(input: $input) {
    __typename
    ... on FilterCreatePayload {
      filter {
        id
        name
        revision
      }
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
    ... on Error {
      message
    }
  }
}`;

export const RequestScan: OperationDocument<RequestScanMutation, RequestScanMutationVariables> =
  `mutation RequestScan($input: ScanRequestInput!) {
  scanRequest(input: $input) {
    __typename
    ... on ScanRequestPayload {
      scanRun {
        id
        state
        symbols
      }
    }
    ... on Error {
      message
    }
  }
}`;
