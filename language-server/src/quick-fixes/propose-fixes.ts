import type { Finding } from '@sluice/engine/policy/finding.js';
import { overlap, type TextChange } from '../edits/text-change.js';
import { pathAt } from '../text/node-path.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { ProposedFix } from './quick-fix.js';
import { QUICK_FIXES } from './quick-fixes.js';

/** The changes of its file that set a finding right. */
export function fixesOf(context: DocumentInSet, finding: Finding): ProposedFix[] {
  const fixes = QUICK_FIXES[finding.code];
  if (typeof fixes === 'string') return [];
  const { root } = context.document;
  const path = root === undefined ? undefined : pathAt(root, finding.range.start);
  return fixes.flatMap((fix) => fix({ ...context, finding, path }) ?? []);
}

/** The changes that can be made unasked, of each finding one; of changes that touch, only the first. */
export function changesOfPreferredFixes(context: DocumentInSet, findings: readonly Finding[]): TextChange[] {
  const chosen: TextChange[] = [];
  for (const finding of findings) {
    const fix = fixesOf(context, finding).find(({ isPreferred }) => isPreferred);
    if (fix === undefined || fix.changes.some((change) => chosen.some((other) => overlap(change, other)))) continue;
    chosen.push(...fix.changes);
  }
  return chosen;
}
