/** The queries that run for one connection. A class: there is one for each. */
export class RunningQueries {
  #controllers: Map<string, AbortController> | null = null;

  /** @param execute ends early when the signal fires, or takes no notice of it */
  async run<Result>(id: string, execute: (signal: AbortSignal) => Result): Promise<Awaited<Result>> {
    const controller = new AbortController();
    this.#controllers ??= new Map();
    this.#controllers.set(id, controller);
    try {
      return await execute(controller.signal);
    } finally {
      this.#controllers.delete(id);
    }
  }

  /** Of no effect when there is none. */
  cancel(id: string): void {
    this.#controllers?.get(id)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#controllers?.values() ?? []) controller.abort();
  }
}
