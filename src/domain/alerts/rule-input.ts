/** What an evaluation is about. `id` and `atMs` (by whoever measured) tell late and repeated samples. */
export type RuleInput =
  /** A value of the (transformed) series; null: unknown. */
  | { readonly kind: 'NUMBER'; readonly id: string; readonly atMs: number; readonly value: number | null }
  /** A scan result that the rule's screen is about, and whether it passes. */
  | { readonly kind: 'RESULT'; readonly id: string; readonly atMs: number; readonly isMatch: boolean }
  /** What is in the rule's screen now, or no longer; `isKnown`: it has been for some time, so that it isn't told. */
  | {
      readonly kind: 'MEMBER';
      readonly id: string;
      readonly atMs: number;
      readonly member: string;
      readonly isIn: boolean;
      readonly isKnown: boolean;
    }
  /** Something of the series has been seen. */
  | { readonly kind: 'PRESENCE'; readonly id: string; readonly atMs: number }
  /** Time has passed. */
  | { readonly kind: 'TIME' };
