import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFieldInterner } from '../../../../../src/services/market-data/decode/field-interner.ts';

describe('a field interner', () => {
  it('converts each distinct content once and answers with its own value ever after', () => {
    // Few letters and short words, so that lengths repeat; many words, so that hashes collide with equal lengths.
    const words = fc.array(fc.stringMatching(/^[A-D0-3]{0,6}$/), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(words, (list) => {
        const bytes = new TextEncoder().encode(list.join(''));
        const converted: string[] = [];
        const at = createFieldInterner(bytes, (text) => {
          converted.push(text);
          return { text };
        });
        let start = 0;
        for (const word of list) {
          expect(at(start, start + word.length)).toEqual({ text: word });
          start += word.length;
        }
        expect(converted.toSorted()).toEqual([...new Set(list)].toSorted());
      }),
    );
  });

  it('tells contents of one hash apart', () => {
    // 31·66 + 65 = 31·65 + 96: the same sum for BA and A`.
    const bytes = new TextEncoder().encode('BAA`BA');
    const at = createFieldInterner(bytes, (text) => ({ text }));
    const first = at(0, 2);
    expect([first, at(2, 4)]).toEqual([{ text: 'BA' }, { text: 'A`' }]);
    expect(at(4, 6)).toBe(first);
  });
});
