import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import type { Policy } from '@sluice/engine/policy/policy-set.js';
import { readPolicy } from '@sluice/engine/policy/read-policy.js';
import { Report } from '@sluice/engine/policy/report.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';

/** A policy as it is read, where it can be; what is wrong in it is told elsewhere. */
export function draftPolicy(root: DocumentNode, { reading }: FolderSnapshot): Policy | undefined {
  return readPolicy(root, { report: new Report(), builds: reading.sound.catalogue, mentions: [] });
}
