import { FILTER_KINDS } from '../domain/filters/filter.ts';
import { FILTER_VISIBILITIES } from '../domain/filters/filter-visibility.ts';
import { MARKET_STATES } from '../domain/results/scan-result.ts';
import { SCAN_RUN_KINDS, SCAN_RUN_STATES } from '../domain/results/scan-run.ts';
import { STRATEGY_IDS } from '../domain/strategies/strategy-id.ts';
import { SCAN_RESULT_ORDER_FIELDS } from '../services/results/scan-result-query.ts';
import { SCANNER_STATES } from '../services/scanner/scanner-status.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const StrategyEnum = builder.enumType('Strategy', {
  description: 'A way to combine contracts.',
  values: describedValues(STRATEGY_IDS, {
    LONG_CALL: 'Buy one call.',
    LONG_PUT: 'Buy one put.',
    COVERED_CALL: 'Hold the underlying, sell one call above it.',
    CASH_SECURED_PUT: 'Sell one put, the cash to take the underlying at hand.',
    BULL_CALL_SPREAD: 'Buy a call, sell a higher one: a debit.',
    BEAR_PUT_SPREAD: 'Buy a put, sell a lower one: a debit.',
    BULL_PUT_SPREAD: 'Sell a put, buy a lower one: a credit.',
    BEAR_CALL_SPREAD: 'Sell a call, buy a higher one: a credit.',
    IRON_CONDOR: 'A bull put spread below and a bear call spread above.',
    SHORT_STRANGLE: 'Sell a put below and a call above.',
    LONG_STRANGLE: 'Buy a put below and a call above.',
    SHORT_STRADDLE: 'Sell a put and a call of the same strike.',
    LONG_STRADDLE: 'Buy a put and a call of the same strike.',
  }),
});

export const MarketStateEnum = builder.enumType('MarketState', {
  description: "Session of the underlying's options when the quotes were true.",
  values: describedValues(MARKET_STATES, {
    PRE_MARKET: 'Before the regular session of a trading day.',
    REGULAR: 'The regular session; always, for markets that never close.',
    AFTER_HOURS: 'After the regular session of a trading day.',
    CLOSED: 'At night, on weekends and holidays.',
  }),
});

export const OptionRightEnum = builder.enumType('OptionRight', {
  description: 'What the holder may do.',
  values: { CALL: { description: 'Buy the underlying at the strike.' }, PUT: { description: 'Sell the underlying at the strike.' } },
});

export const FilterKindEnum = builder.enumType('FilterKind', {
  description: 'Where a filter comes from.',
  values: describedValues(FILTER_KINDS, { PRESET: 'Ships with the product; can be changed all the same.', CUSTOM: 'Made by a user.' }),
});

export const FilterVisibilityEnum = builder.enumType('FilterVisibility', {
  description: 'Who sees a filter and what it finds.',
  values: describedValues(FILTER_VISIBILITIES, {
    SHARED: 'Whoever may read filters.',
    PRIVATE: 'Its owner and administrators.',
  }),
});

export const ScanRunKindEnum = builder.enumType('ScanRunKind', {
  description: 'Why a scan run happened.',
  values: describedValues(SCAN_RUN_KINDS, {
    CYCLE: 'One pass over the watchlist by the scanner itself.',
    REQUEST: 'Asked for with scanRequest.',
  }),
});

export const ScanRunStateEnum = builder.enumType('ScanRunState', {
  description: 'How far a scan run is.',
  values: describedValues(SCAN_RUN_STATES, {
    QUEUED: 'Not begun.',
    RUNNING: 'Begun, symbols are left.',
    COMPLETED: 'Every symbol was tried and at least one was scanned or left out on purpose.',
    FAILED: 'No symbol could be scanned.',
    CANCELLED: 'The scanner was stopped before the run was complete.',
    INTERRUPTED: 'The process ended before the run did.',
  }),
});

export const ScannerStateEnum = builder.enumType('ScannerState', {
  description: 'What the scanner does.',
  values: describedValues(SCANNER_STATES, {
    STOPPED: 'No cycles; requests are still served.',
    STARTING: 'Waits for the feed to tell its underlyings.',
    RUNNING: 'Cycles follow one another.',
    HOLDING: 'Results cannot be stored now: they are held, and the scanner slows down.',
    ENDED: 'The recording is at its end.',
  }),
});

export const ScanResultOrderFieldEnum = builder.enumType('ScanResultOrderField', {
  description: 'What results can be ordered by.',
  values: describedValues(SCAN_RESULT_ORDER_FIELDS, {
    DETECTED_AT: 'When the result was stored.',
    SCORE: 'Composite score.',
    RETURN_ON_RISK: 'Maximum profit divided by maximum loss; results without it are left out.',
  }),
});

export const OrderDirectionEnum = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: { ASC: { description: 'Smallest or oldest first.' }, DESC: { description: 'Greatest or newest first.' } },
});
