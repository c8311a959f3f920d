/**
 * Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->` in a Markdown document, keeping the markers.
 *
 * @throws {Error} when the two markers are not there exactly once, in this order.
 */
export function replaceGeneratedBlock(document: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const before = document.split(start);
  const after = document.split(end);
  if (before.length !== 2 || after.length !== 2 || document.indexOf(start) > document.indexOf(end)) {
    throw new Error(`expected ${start} and, behind it, ${end}, once each`);
  }
  return `${before[0]}${start}\n${content.trim()}\n${end}${after[1]}`;
}
