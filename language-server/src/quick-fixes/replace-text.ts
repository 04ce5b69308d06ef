import { replacing } from '../edits/text-change.js';
import { type FixRequest, type ProposedFix, proposed, type QuickFix } from './quick-fix.js';

/** Longest text that a title shows, in UTF-16 units. */
const MAX_SHOWN = 60;

/** Puts in what the check itself knows to be right. */
export const replaceText: QuickFix = (request) => replacement(request, true);

/** Puts in what the check proposes, where that is one way among others. */
export const proposeText: QuickFix = (request) => replacement(request, false);

function replacement({ document, finding }: FixRequest, isPreferred: boolean): ProposedFix | undefined {
  const { fix } = finding;
  if (fix === undefined) return undefined;
  const change = replacing(document, fix.range, fix.text);
  const old = document.text.getText().slice(change.start, change.end);
  const title = fix.text === '' ? `Remove ${shown(old)}` : `Replace with ${shown(fix.text)}`;
  return proposed(title, change, isPreferred);
}

function shown(text: string): string {
  const bare = text.trim();
  if (/^[\p{Cc}\s]*$/u.test(bare)) return 'this character';
  return bare.length > MAX_SHOWN ? `${bare.slice(0, MAX_SHOWN)}…` : bare;
}
