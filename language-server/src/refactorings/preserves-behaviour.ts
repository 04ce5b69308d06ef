import { DiagramTooLargeError } from '@sluice/engine/decision/diagram/build-diagram.js';
import { diffPolicySets } from '@sluice/engine/decision/diff/diff-policy-sets.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import { type FileChanges, filesAfter } from './file-changes.js';

/** Steps of a proof; about a quarter of a second. */
const MAX_STEPS = 500_000;

/**
 * Whether every connection is treated alike before and after, on every day. Without errors on either side it is proved;
 * where it is too much to prove it counts as no.
 */
export function preservesBehaviour(snapshot: FolderSnapshot, changes: FileChanges): boolean {
  const before = snapshot.reading.policySet;
  const after = before === undefined ? undefined : snapshot.readingOf(filesAfter(snapshot, changes)).policySet;
  if (before === undefined || after === undefined) return false;
  try {
    return diffPolicySets(before, after, snapshot.now, MAX_STEPS).equivalent;
  } catch (error) {
    if (error instanceof DiagramTooLargeError) return false;
    throw error;
  }
}
