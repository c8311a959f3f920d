/** Listeners by event, called in the order they came. */
export interface EventEmitter<Events> {
  /** Returns what takes the listener off again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
}

export function createEventEmitter<Events>(): EventEmitter<Events> {
  const listeners = new Map<keyof Events, Set<{ call: (event: never) => void }>>();
  return {
    on(name, listener) {
      const entry = { call: listener as (event: never) => void };
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(entry));
      return () => set.delete(entry);
    },
    emit(name, event) {
      for (const { call } of listeners.get(name) ?? []) {
        try {
          call(event as never);
        } catch (error) {
          // A listener's fault must not stop the client, nor go unseen.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
