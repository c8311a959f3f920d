/** What a message template can say. Plain JSON; the names are those that templates use. */
export interface MessageView {
  readonly alert: {
    readonly id: string;
    readonly status: string;
    readonly severity: string;
    /** ISO 8601, UTC. */
    readonly firedAt: string;
    readonly resolvedAt: string | null;
    readonly matches: number;
    readonly value: number | null;
    readonly level: number | null;
    readonly dedupKey: string;
  };
  readonly rule: { readonly id: string; readonly name: string; readonly description: string; readonly kind: string };
  readonly labels: Readonly<Record<string, string>>;
  /** By which series of the rule it is: symbol, strategy, filter, … */
  readonly group: Readonly<Record<string, string>>;
  /** The result that met the condition; null for conditions that aren't about results. */
  readonly result: {
    readonly id: string;
    readonly symbol: string;
    readonly strategy: string;
    readonly expiration: string;
    readonly legs: string;
    readonly metrics: Readonly<Record<string, number | null>>;
  } | null;
  /** Fired by hand, to try the rule. */
  readonly isTest: boolean;
}
