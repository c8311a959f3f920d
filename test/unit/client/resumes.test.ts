import { describe, expect, it } from 'vitest';
import { NotResumableError } from '../../../src/client/errors/not-resumable-error.ts';
import { resumes } from '../../../src/client/resumes.ts';

const BOTH = 'subscription ($after:String=null) { a(after: $after) { cursor } }';
const NO_AFTER = 'subscription ($afterwards: String) { a(after: $afterwards) { cursor } }';
const NO_CURSOR = 'subscription ($after: String) { a(after: $after) { cursors } }';

describe('a subscription resumes', () => {
  it.each([
    ['with both, unless told otherwise', BOTH, undefined, true],
    ['with both, when told to', BOTH, true, true],
    ['not when told not to', BOTH, false, false],
    ['not without the variable', NO_AFTER, undefined, false],
    ['not without the field', NO_CURSOR, undefined, false],
  ])('%s', (_name, text, isWanted, expected) => {
    expect(resumes(text, isWanted)).toBe(expected);
  });

  it('or says what is missing', () => {
    expect(() => resumes(NO_AFTER, true)).toThrow(NotResumableError);
    expect(() => resumes(NO_AFTER, true)).toThrow(
      'expected a subscription with a variable `$after: String` that is given to the argument `after`,',
    );
    expect(() => resumes(NO_CURSOR, true)).toThrow('expected a subscription with the field `cursor`, so');
  });
});
