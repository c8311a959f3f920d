/**
 * One question for all who ask within a turn of the event loop, and one for all who ask while that is being answered and in the turn behind it: it is put when they have asked, so that no
 * answer is older than the one who asked. A question is put in the name of whoever asked first. Should it fail, for example because that one has gone, the others ask for themselves.
 */
export function oneQuestionAtATime<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<unknown> | null = null;
  let waiting: Promise<Answer> | null = null;

  async function askWhenFree(): Promise<Answer> {
    if (running) {
      await running;
      // Those who have just been answered come back with their next request while the others of them are served: it is read between these turns.
      await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
    waiting = null;
    const answer = ask();
    const ended = answer.then(
      () => {},
      () => {},
    );
    running = ended;
    try {
      return await answer;
    } finally {
      if (running === ended) running = null;
    }
  }

  return () => {
    if (waiting) return waiting.catch(ask);
    waiting = askWhenFree();
    return waiting;
  };
}
