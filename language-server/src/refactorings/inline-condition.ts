import { entryOf, itemsOf, type MapNode, textEntry } from '@sluice/engine/policy/document-node.js';
import { CodeActionKind } from 'vscode-languageserver';
import { replacing } from '../edits/text-change.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { conditionText, placeOfCondition } from './condition-text.js';
import type { Refactoring } from './refactoring.js';
import { selectedConditions } from './selected-condition.js';

/** Writes a shared condition out where it is referred to. */
export const inlineCondition: Refactoring = {
  id: 'inline-condition',
  kind: CodeActionKind.RefactorInline,
  propose({ document, snapshot }, range) {
    const [selected] = selectedConditions(document, range);
    const name = textEntry(selected?.node, 'condition');
    if (selected === undefined || name === undefined) return undefined;
    const found = declarationOf(snapshot, name);
    if (found === undefined) return undefined;
    const text = conditionText(found.document, found.when, placeOfCondition(document, selected.node));
    const changes = [replacing(document, selected.node.range, text)];
    return { title: `Write the shared condition ${name} out here`, changes: { edited: [{ document, changes }] } };
  },
};

function declarationOf(
  snapshot: FolderSnapshot,
  name: string,
): { readonly document: PolicyDocument; readonly when: MapNode } | undefined {
  for (const document of snapshot.documents) {
    if (document.kind !== 'conditions') continue;
    const item = itemsOf(entryOf(document.root, 'conditions')).find((each) => textEntry(each, 'name') === name);
    const when = entryOf(item, 'when');
    if (when?.kind === 'map') return { document, when };
  }
  return undefined;
}
