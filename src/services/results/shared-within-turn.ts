/**
 * One question for all who ask within a turn of the event loop. It is put at the end of the turn, so that no answer is older than the one who asked; in the name of whoever asked
 * first. Should it fail, for example because that one has gone, the others ask for themselves.
 */
export function sharedWithinTurn<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let waiting: Promise<Answer> | null = null;
  return () => {
    if (waiting) return waiting.catch(ask);
    waiting = new Promise((resolve, reject) => {
      setImmediate(() => {
        waiting = null;
        ask().then(resolve, reject);
      });
    });
    return waiting;
  };
}
