export interface CheckOutcome {
  readonly ok: boolean;
  readonly detail: string;
}

/** One thing the server needs. */
export interface ReadinessCheck {
  readonly name: string;
  /** A degraded part is shown; a failed one makes the server unready. */
  readonly required: boolean;
  check(): Promise<CheckOutcome>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckOutcome>>;
}

/** Looks at every part at once. */
export async function readReadiness(checks: readonly ReadinessCheck[], stopping: boolean): Promise<Readiness> {
  const entries = await Promise.all(checks.map(async ({ name, required, check }) => ({ name, required, outcome: await check() })));
  return {
    ready: !stopping && entries.every(({ required, outcome }) => outcome.ok || !required),
    checks: {
      server: { ok: !stopping, detail: stopping ? 'stopping' : 'running' },
      ...Object.fromEntries(entries.map(({ name, outcome }) => [name, outcome])),
    },
  };
}
