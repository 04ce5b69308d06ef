import type { Finding } from '@sluice/engine/policy/finding.js';
import type { TextChange } from '../edits/text-change.js';
import type { NodePath } from '../text/node-path.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** A finding that is to be set right, and where it stands. */
export interface FixRequest extends DocumentInSet {
  readonly finding: Finding;
  /** What stands where the finding begins; undefined where the text cannot be read so far. */
  readonly path: NodePath | undefined;
}

/** A change that sets a finding right. */
export interface ProposedFix {
  readonly title: string;
  /** Whether it is certain, or most likely, what was meant; only such fixes are made unasked, all at once. */
  readonly isPreferred: boolean;
  readonly changes: readonly TextChange[];
}

/** Proposes a change; undefined where this one does not fit the case. */
export type QuickFix = (request: FixRequest) => ProposedFix | undefined;

/** A fix that is one change, where there is one. */
export function proposed(title: string, change: TextChange | undefined, isPreferred = false): ProposedFix | undefined {
  return change === undefined ? undefined : { title, isPreferred, changes: [change] };
}
