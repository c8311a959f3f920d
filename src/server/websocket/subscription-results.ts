import type { ExecutionResult } from 'graphql';
import type { StreamItem } from '../../services/subscriptions/stream-item.ts';
import type { StreamSource } from '../../services/subscriptions/stream-source.ts';
import type { ExecutionGroup } from './execution-group.ts';
import type { LiveMember } from './live-member.ts';
import type { ObservedSubscription } from './websocket-session.ts';

/** What graphql-ws iterates: yields what was caught up with, then nothing, because live messages are written past it; ends with the subscription. */
export interface SubscriptionResults extends AsyncGenerator<ExecutionResult, void, void>, ObservedSubscription {}

export interface SubscriptionResultsDeps {
  readonly source: StreamSource;
  readonly group: ExecutionGroup;
  /** @param onEnd the subscription is over; null: complete */
  readonly join: (onEnd: (error: Error | null) => void) => LiveMember;
  /** Called once. */
  readonly onOver: () => void;
}

type Result = IteratorResult<ExecutionResult, void>;

const DONE: Result = { done: true, value: undefined };

/** Not a generator: each of many thousand would keep its own prototype, stack and promises while it waits for its end. */
class Results implements SubscriptionResults {
  readonly #source: StreamSource;
  readonly #group: ExecutionGroup;
  readonly #member: LiveMember;
  readonly #onOver: () => void;
  /** Null when it has caught up. */
  #items: AsyncGenerator<StreamItem<unknown>, void, void> | null;
  #isOver = false;
  /** Ended it, and has not been told yet. */
  #error: Error | null = null;
  #waiting: { resolve: (result: Result) => void; reject: (error: Error) => void } | null = null;

  constructor({ source, group, join, onOver }: SubscriptionResultsDeps) {
    this.#source = source;
    this.#group = group;
    this.#onOver = onOver;
    this.#member = join((error) => this.#end(error));
    this.#items = source.catchUp(this.#member.listener);
  }

  get backlog(): ObservedSubscription['backlog'] {
    return this.#member.backlog;
  }

  next(): Promise<Result> {
    return this.#items ? this.#nextOf(this.#items) : this.#untilEnd();
  }

  /** At once, also while it waits for its next item. */
  async return(): Promise<Result> {
    this.#end(null);
    return DONE;
  }

  async throw(error: unknown): Promise<Result> {
    this.#end(null);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #nextOf(items: AsyncGenerator<StreamItem<unknown>, void, void>): Promise<Result> {
    try {
      const { done, value } = await items.next();
      if (!done) return { done: false, value: await this.#group.execute(this.#source.toPayload(value)) };
    } catch (error) {
      this.#items = null;
      this.#end(null);
      throw error;
    }
    this.#items = null;
    this.#member.goLive();
    return this.#untilEnd();
  }

  #untilEnd(): Promise<Result> {
    const error = this.#error;
    this.#error = null;
    if (error) return Promise.reject(error);
    if (this.#isOver) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #end(error: Error | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#member.leave();
    this.#onOver();
    if (!this.#waiting) this.#error = error;
    else if (error) this.#waiting.reject(error);
    else this.#waiting.resolve(DONE);
    this.#waiting = null;
  }
}

export function createSubscriptionResults(deps: SubscriptionResultsDeps): SubscriptionResults {
  return new Results(deps);
}
