import type { RelatedPlace } from '../../policy/finding.js';
import type { InvariantStatement } from '../../policy/policy-set.js';
import type { InvariantContext } from './invariant-context.js';

/** What a check says of an invariant. `message` completes the sentence that names the invariant. */
export type Verdict =
  | { readonly kind: 'holds' }
  | {
      readonly kind: 'violated';
      readonly message: string;
      readonly hint: string;
      /** Where what breaks it stands. */
      readonly related: readonly RelatedPlace[];
    }
  | { readonly kind: 'undecided'; readonly message: string };

export type StatementKind = InvariantStatement['kind'];
export type StatementOf<K extends StatementKind> = Extract<InvariantStatement, { readonly kind: K }>;

/** Decides invariants of one kind. */
export interface InvariantCheck<K extends StatementKind> {
  readonly kind: K;
  check(statement: StatementOf<K>, context: InvariantContext): Verdict;
}

export const HOLDS: Verdict = { kind: 'holds' };
