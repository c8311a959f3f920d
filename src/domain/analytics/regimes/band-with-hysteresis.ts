/**
 * Which band a level lies in, when it has to pass an edge by a margin before the band is left: a level that trembles about an edge does not change its label daily.
 *
 * @param edges ascending; band i lies below edges[i], the last one above all
 * @param margin in the unit of the level
 * @param previous the band before; null when there was none
 */
export function bandWithHysteresis(edges: readonly number[], margin: number, previous: number | null, level: number): number {
  let band = previous ?? edges.filter((edge) => level >= edge).length;
  while (band < edges.length && level >= edges[band]! + margin) band++;
  while (band > 0 && level < edges[band - 1]! - margin) band--;
  return band;
}
