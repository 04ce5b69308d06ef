import { entryOf } from '@sluice/engine/policy/document-node.js';
import { rewriteScalar } from '@sluice/engine/policy/rewrite-scalar.js';
import { replacing } from '../edits/text-change.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Switches a policy off that never decides, so that nothing changes. */
export const switchOff: QuickFix = ({ document }) => {
  const mode = entryOf(document.root, 'mode');
  const fix = mode === undefined ? undefined : rewriteScalar(mode, 'off');
  return fix === undefined ? undefined : proposed('Set mode: off', replacing(document, fix.range, fix.text));
};
