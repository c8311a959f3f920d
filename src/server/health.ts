/** One thing the server needs. */
export interface ReadinessCheck {
  readonly name: string;
  /** A degraded part is shown; a failed one makes the server unready. */
  readonly required: boolean;
  check(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** Looks at every part at once. */
export async function readReadiness(checks: readonly ReadinessCheck[], stopping: boolean): Promise<Readiness> {
  const entries = await Promise.all(
    checks.map(async ({ name, required, check }) => {
      const outcome = await check().catch((error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : 'failed' }));
      return { name, required, outcome };
    }),
  );
  return {
    ready: !stopping && entries.every(({ required, outcome }) => outcome.ok || !required),
    checks: {
      server: { ok: !stopping, detail: stopping ? 'stopping' : 'running' },
      ...Object.fromEntries(entries.map(({ name, outcome }) => [name, outcome])),
    },
  };
}
