import { entryOf, type ListNode, type MapNode, plainValue, textEntry } from '@sluice/engine/policy/document-node.js';
import { CodeActionKind } from 'vscode-languageserver';
import { lineBreakOf, lineEndOf, lineStartOf } from '../edits/lines.js';
import { insertItem } from '../edits/list-edits.js';
import { offsetsOf, replacing, type TextChange } from '../edits/text-change.js';
import { uniqueName } from '../edits/unique-name.js';
import { isInBrackets, type Written, written } from '../edits/written.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { rootConditionText } from './condition-text.js';
import type { FileChanges } from './file-changes.js';
import type { Refactoring } from './refactoring.js';
import { hasAnchors, selectedConditions } from './selected-condition.js';

/** Makes a shared condition of the selected one, and refers to it. */
export const extractCondition: Refactoring = {
  id: 'extract-condition',
  kind: CodeActionKind.RefactorExtract,
  propose(context, range) {
    const { document, snapshot } = context;
    const [selected] = selectedConditions(document, range);
    if (selected === undefined || selected.node.entries.has('condition')) return undefined;
    const { node, isRoot } = selected;
    if (hasAnchors(document, node) || (document.kind === 'conditions' && isRoot)) return undefined;
    const base = document.kind === 'policy' ? textEntry(document.root, 'name') : undefined;
    const taken = declarationsOf(snapshot, 'condition').map((each) => each.name);
    const name = uniqueName(base ?? 'condition', taken);
    const reference = referenceTo(document, node, name);
    const { changes, path } = declared(context, node, name, reference);
    return { title: `Extract to the shared condition ${name} in ${path}`, changes };
  },
};

function referenceTo(document: PolicyDocument, node: MapNode, name: string): TextChange {
  const { path } = document;
  const text = isInBrackets(document, node) ? written(path, { condition: name }) : `condition: ${written(path, name)}`;
  return replacing(document, node.range, text);
}

/** Declares the condition in the first file of shared conditions that is there, one of the same format before others. */
function declared(
  { document, snapshot }: DocumentInSet,
  node: MapNode,
  name: string,
  reference: TextChange,
): { readonly path: string; readonly changes: FileChanges } {
  const files = [...snapshot.documents].filter(({ kind }) => kind === 'conditions');
  const ordered = [...files.filter(({ isJson }) => isJson === document.isJson), ...files];
  for (const target of ordered) {
    const list = entryOf(target.root, 'conditions');
    const added = list?.kind === 'list' ? addedTo(target, list, document, node, name) : undefined;
    if (added === undefined) continue;
    const edited =
      target === document
        ? [{ document, changes: [reference, added] }]
        : [
            { document, changes: [reference] },
            { document: target, changes: [added] },
          ];
    return { path: target.path, changes: { edited } };
  }
  const path = newPath(document, snapshot.files);
  const text = document.isJson
    ? `${written(path, { conditions: [{ name, when: plainRoot(node) }] })}\n`
    : `conditions:\n${declarationText(path, document, node, name, 2)}\n`;
  return { path, changes: { created: [{ path, text }], edited: [{ document, changes: [reference] }] } };
}

function addedTo(
  target: PolicyDocument,
  list: ListNode,
  document: PolicyDocument,
  node: MapNode,
  name: string,
): TextChange | undefined {
  const last = list.items.at(-1);
  if (target.isJson || last === undefined || isInBrackets(target, list)) {
    return insertItem(target, list, list.items.length, { name, when: plainRoot(node) });
  }
  const text = target.text.getText();
  const dash = offsetsOf(target, list.range).start;
  const end = lineEndOf(text, offsetsOf(target, last.range).end);
  const declaration = declarationText(target.path, document, node, name, dash - lineStartOf(text, dash));
  return { start: end, end, text: lineBreakOf(text) + declaration };
}

/** An item of a list without brackets, with its dash in this column. */
function declarationText(path: string, document: PolicyDocument, node: MapNode, name: string, column: number): string {
  const lineBreak = lineBreakOf(document.text.getText());
  const key = ' '.repeat(column + 2);
  const condition = rootConditionText(document, node, { path, isInBrackets: false, column: column + 4 });
  const isBlock = !/^[{[]/.test(condition);
  const value = isBlock ? `${lineBreak}${' '.repeat(column + 4)}${condition}` : ` ${condition}`;
  return `${' '.repeat(column)}- name: ${written(path, name)}${lineBreak}${key}when:${value}`;
}

function plainRoot(node: MapNode): Written {
  const plain = plainValue(node) as Written;
  return node.entries.has('fact') ? { all: [plain] } : plain;
}

function newPath(document: PolicyDocument, files: readonly { readonly path: string }[]): string {
  const folder = document.path.replace(/[^/]*$/, '');
  const kind = `conditions.${document.isJson ? 'json' : 'yaml'}`;
  const taken = files.map(({ path }) => path.replace(/\.conditions\.\w+$/, ''));
  for (let number = 1; ; number++) {
    const base = `${folder}shared${number === 1 ? '' : `-${number}`}`;
    if (!taken.includes(base)) return `${base}.${kind}`;
  }
}
