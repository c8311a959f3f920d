/** Tells how much of a pass goes into which stage. Stages must not contain each other. */
export interface StageClock {
  /** The same work, its processor time counted for a stage. */
  timed<Parameters extends unknown[], Answer>(
    stage: string,
    work: (...parameters: Parameters) => Answer,
  ): (...parameters: Parameters) => Answer;
  /** Milliseconds by stage since it was last asked. */
  take(): ReadonlyMap<string, number>;
}

/** @param nowMs a clock of milliseconds that costs little to read: it is read twice per call of timed work */
export function createStageClock(nowMs: () => number): StageClock {
  let spent = new Map<string, number>();
  return {
    timed:
      (stage, work) =>
      (...parameters) => {
        const startedMs = nowMs();
        const answer = work(...parameters);
        spent.set(stage, (spent.get(stage) ?? 0) + nowMs() - startedMs);
        return answer;
      },
    take() {
      const taken = spent;
      spent = new Map();
      return taken;
    },
  };
}
