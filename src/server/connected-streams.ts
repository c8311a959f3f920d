import { Duplex } from 'node:stream';

/** Two ends of a connection inside of this process: what is written to one is read from the other. As `stream.duplexPair` of Node.js 22, but an end that is destroyed takes the other with it. */
export function connectedStreams(): readonly [Duplex, Duplex] {
  const near: End = new End(() => far);
  const far: End = new End(() => near);
  return [near, far];
}

class End extends Duplex {
  /** Called when the other end has room again. */
  #onRoom: (() => void) | null = null;
  readonly #other: () => End;

  constructor(other: () => End) {
    super();
    this.#other = other;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const other = this.#other();
    if (other.push(chunk)) done();
    else other.#onRoom = done;
  }

  override _final(done: () => void): void {
    this.#other().push(null);
    done();
  }

  override _read(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = null;
    onRoom?.();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    // At once, it would be told before this end is.
    process.nextTick(() => this.#other().destroy());
  }
}
