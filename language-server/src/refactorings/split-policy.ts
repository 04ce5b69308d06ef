import { entryOf, itemsOf, type MapNode, textOf } from '@sluice/engine/policy/document-node.js';
import { rewriteScalar } from '@sluice/engine/policy/rewrite-scalar.js';
import { CodeActionKind } from 'vscode-languageserver';
import { changed, replacing, type TextChange } from '../edits/text-change.js';
import { uniqueName } from '../edits/unique-name.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import { pathAt } from '../text/node-path.js';
import { toPlace } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { placeOfCondition, rootConditionText } from './condition-text.js';
import type { Refactoring } from './refactoring.js';

/** Most policies that one is split into. */
const MAX_PARTS = 20;

/** Makes of a policy for any of several cases a policy for each. */
export const splitPolicy: Refactoring = {
  id: 'split-policy',
  kind: CodeActionKind.RefactorRewrite,
  propose(context, range) {
    const { document } = context;
    const when = entryOf(document.root, 'when');
    const branches = itemsOf(entryOf(when, 'any')).filter((each) => each.kind === 'map');
    if (document.kind !== 'policy' || when?.kind !== 'map' || when.entries.size !== 1) return undefined;
    if (branches.length < 2 || branches.length > MAX_PARTS || !isAtSplit(document, range)) return undefined;
    const [first, ...others] = branches.map((branch) => narrowed(document, when, branch));
    const copies = copiesOf(context, others);
    if (first === undefined || copies === undefined) return undefined;
    const changes = { edited: [{ document, changes: [first] }], created: copies };
    return { title: `Split into ${branches.length} policies, one for each case below any`, changes };
  },
};

/** On the name of the policy, or in its condition. */
function isAtSplit({ root }: PolicyDocument, { start }: Parameters<Refactoring['propose']>[1]): boolean {
  const key = root === undefined ? undefined : pathAt(root, toPlace(start))?.steps[0]?.key;
  return key === 'when' || key === 'name';
}

function narrowed(document: PolicyDocument, when: MapNode, branch: MapNode): TextChange {
  return replacing(document, when.range, rootConditionText(document, branch, placeOfCondition(document, when)));
}

function copiesOf(
  { document, snapshot }: DocumentInSet,
  branches: readonly TextChange[],
): { path: string; text: string }[] | undefined {
  const nameNode = entryOf(document.root, 'name');
  const name = textOf(nameNode);
  if (nameNode === undefined || name === undefined) return undefined;
  const names = declarationsOf(snapshot, 'policy').map((each) => each.name);
  const paths = new Set(snapshot.files.map(({ path }) => path));
  const copies: { path: string; text: string }[] = [];
  for (const branch of branches) {
    const ownName = uniqueName(name, names);
    const fix = rewriteScalar(nameNode, ownName);
    const path = document.path.replace(/[^/]*(?=\.policy\.\w+$)/, ownName);
    if (fix === undefined || paths.has(path)) return undefined;
    names.push(ownName);
    paths.add(path);
    const changes = [branch, replacing(document, fix.range, fix.text)];
    copies.push({ path, text: changed(document.text.getText(), changes) });
  }
  return copies;
}
