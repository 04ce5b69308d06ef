import { rewriteScalar } from '@sluice/engine/policy/rewrite-scalar.js';
import { replacing } from '../edits/text-change.js';
import { uniqueName } from '../edits/unique-name.js';
import { declarationsOf, nameAt } from '../symbols/symbol-index.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Gives the second of two things of one name a name of its own; who mentions the name means the first one. */
export const renameDuplicate: QuickFix = ({ document, snapshot, finding }) => {
  const found = nameAt(document, finding.range.start);
  if (found === undefined || found.role !== 'declaration') return undefined;
  const taken = declarationsOf(snapshot, found.kind, found.scope).map(({ name }) => name);
  const name = uniqueName(found.name, taken);
  const fix = rewriteScalar(found.node, name);
  return fix === undefined ? undefined : proposed(`Rename to ${name}`, replacing(document, fix.range, fix.text));
};
