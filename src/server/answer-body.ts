/** The bytes of a long answer, in pieces: nobody ever has to make one text or one buffer of all of it. Stands where Yoga expects a text, and becomes one where it must be. */
export class AnswerBody {
  readonly chunks: readonly Buffer[];
  readonly byteLength: number;

  constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
    this.byteLength = chunks.reduce((length, chunk) => length + chunk.length, 0);
  }

  /** A Response takes what can be iterated for its body. */
  [Symbol.iterator](): Iterator<Buffer> {
    return this.chunks[Symbol.iterator]();
  }

  within(before: string, behind: string): AnswerBody {
    return new AnswerBody([Buffer.from(before), ...this.chunks, Buffer.from(behind)]);
  }

  /** For who makes one text of it after all: answers to several operations at once, and answers in parts. */
  [Symbol.toPrimitive](): string {
    return Buffer.concat(this.chunks).toString();
  }
}
