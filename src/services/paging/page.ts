import type { PageRequest } from './page-request.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
}

/**
 * Makes a page of rows that were read in the direction of the request, one more than its limit: the extra row only tells that there are more. What lies on the other
 * side of a cursor is not looked up: the row of the cursor itself was there when it was handed out.
 */
export function pageOf<Row>(read: readonly Row[], request: PageRequest): Page<Row> {
  const more = read.length > request.limit;
  const rows = more ? read.slice(0, request.limit) : read;
  return request.direction === 'forward'
    ? { rows, hasNextPage: more, hasPreviousPage: request.cursor !== null }
    : { rows: rows.toReversed(), hasNextPage: request.cursor !== null, hasPreviousPage: more };
}
