/** What came in one hour of the day. */
export interface HourActivity {
  /** 0 to 23. */
  readonly hour: number;
  /** Opportunities that entered in it. */
  readonly events: number;
  /** How often the underlying was observed in it: what is not looked at is not found. */
  readonly observations: number;
  /** Events per observation. */
  readonly rate: number;
  /** Events less those expected, were the rate the same at all hours, over the square root of those expected (Poisson); above 2 it is busier than chance. */
  readonly zScore: number;
}

/**
 * @param events by hour of the day, 24 entries
 * @param observations by hour of the day, 24 entries
 * @returns the hours with observations, from midnight on; empty without events
 */
export function timeOfDay(events: readonly number[], observations: readonly number[]): HourActivity[] {
  const hours = observations.flatMap((count, hour) => (count > 0 && Number.isFinite(count) ? [hour] : []));
  const totalEvents = hours.reduce((sum, hour) => sum + (events[hour] ?? 0), 0);
  const totalObservations = hours.reduce((sum, hour) => sum + observations[hour]!, 0);
  if (totalEvents === 0) return [];
  return hours.map((hour) => {
    const found = events[hour] ?? 0;
    const expected = (totalEvents * observations[hour]!) / totalObservations;
    return {
      hour,
      events: found,
      observations: observations[hour]!,
      rate: found / observations[hour]!,
      zScore: (found - expected) / Math.sqrt(expected),
    };
  });
}
