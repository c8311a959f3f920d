import { expect, it } from 'vitest';
import { replaceGeneratedBlock } from '../../../scripts/generated-block.ts';

const start = '<!-- configuration:start -->';
const end = '<!-- configuration:end -->';

it('replaces what stands between the markers and nothing else', () => {
  expect(replaceGeneratedBlock(`# Title\n${start}\nold\n${end}\ntail $& $1\n`, 'configuration', '| new $& |\n')).toBe(
    `# Title\n${start}\n| new $& |\n${end}\ntail $& $1\n`,
  );
});

it('leaves a document alone that is up to date', () => {
  const document = `a\n${start}\nx\n${end}\nb`;
  expect(replaceGeneratedBlock(document, 'configuration', 'x')).toBe(document);
});

it.each(['no markers', start, `${end}${start}`, `${start}${start}${end}`, `${start}${end}${end}`])('refuses %j', (document) => {
  expect(() => replaceGeneratedBlock(document, 'configuration', 'x')).toThrow('once each');
});
