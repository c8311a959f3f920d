/** A rank among less than a quarter of trading days knows little of what is usual. */
const FEW = 63;

/** Speaks against what rests on a rank. @param days before, that the rank is among; NaN: unknown */
export function fewDays(days: number): readonly [holds: boolean, fact: string, value: number, statement: string] {
  return [days < FEW, 'historyDays', days, `What is usual is told from fewer than ${FEW} days.`];
}
