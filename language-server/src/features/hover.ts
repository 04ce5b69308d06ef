import type { Finding } from '@sluice/engine/policy/finding.js';
import type { SourceRange } from '@sluice/engine/policy/source.js';
import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import { explainMeaning } from '../explain/explain-meaning.js';
import { explainName } from '../explain/explain-name.js';
import { meaningAt } from '../meaning/meanings-in.js';
import { nameAt, placeOf } from '../symbols/symbol-index.js';
import { toLspRange, toPlace } from '../text/positions.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/**
 * Explains what stands at a position: a name, a key, a fact, an operator, or a value.
 *
 * @param findings what is known to be wrong in the policy set
 */
export function hover(
  { snapshot, document }: DocumentInSet,
  position: Position,
  findings: readonly Finding[] = [],
): Hover | undefined {
  const place = toPlace(position);
  const name = nameAt(document, place);
  // The name of a build in a range is explained together with the range.
  if (name !== undefined && name.part === undefined) {
    const text = explainName(name, snapshot, findings);
    if (text !== undefined) return hoverOf(text, placeOf(name).range);
  }
  const meaning = meaningAt(document, place);
  const explained = meaning === undefined ? undefined : explainMeaning(meaning, place, document, snapshot);
  return explained === undefined ? undefined : hoverOf(explained.text, explained.range);
}

function hoverOf(value: string, range: SourceRange): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range: toLspRange(range) };
}
