import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { cutAnswer } from '../../../../src/server/export/cut-answer.ts';

/** How the answer was cut. */
function cut(answer: { httpVersion: string; headersSent?: boolean; length?: boolean }): string[] {
  const done: string[] = [];
  cutAnswer({
    socket: { resetAndDestroy: () => done.push('reset') },
    req: { httpVersion: answer.httpVersion },
    headersSent: answer.headersSent ?? true,
    hasHeader: () => answer.length ?? false,
    destroy: () => done.push('closed'),
  } as unknown as ServerResponse);
  return done;
}

describe('an answer that is cut', () => {
  it('lacks its last chunk when it comes in chunks', () => {
    expect(cut({ httpVersion: '1.1' })).toEqual(['closed']);
  });

  it('resets the connection when the end of that would be the end of the answer', () => {
    expect(cut({ httpVersion: '1.0' })).toEqual(['reset']);
  });

  it('is too short when its length was told, and is none when it has not begun', () => {
    expect(cut({ httpVersion: '1.0', length: true })).toEqual(['closed']);
    expect(cut({ httpVersion: '1.0', headersSent: false })).toEqual(['closed']);
  });
});
