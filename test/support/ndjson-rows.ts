/** An answer that is an object a line. */
// biome-ignore lint/suspicious/noExplicitAny: rows of any source
export function ndjsonRows(answer: { body: Buffer }): any[] {
  return answer.body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
