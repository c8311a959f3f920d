/** Rates and volatilities are decimal; their greeks are told per 0.01. */
export const PER_POINT = 0.01;

/** Year fractions are act/365 everywhere: a calendar day is this much of a year. */
export const YEAR_PER_DAY = 1 / 365;
