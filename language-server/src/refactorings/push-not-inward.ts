import { entryOf, itemsOf, type MapNode } from '@sluice/engine/policy/document-node.js';
import { CodeActionKind } from 'vscode-languageserver';
import { lineBreakOf } from '../edits/lines.js';
import { replacing } from '../edits/text-change.js';
import { isInBrackets, written } from '../edits/written.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { columnOf, conditionText } from './condition-text.js';
import type { Refactoring } from './refactoring.js';
import { selectedConditions } from './selected-condition.js';

const OPPOSITES = { all: 'any', any: 'all' } as const;

/** Says by De Morgan's laws `any` of the opposites for `not` all, and `all` of them for `not` any. */
export const pushNotInward: Refactoring = {
  id: 'push-not-inward',
  kind: CodeActionKind.RefactorRewrite,
  propose({ document }, range) {
    for (const { node } of selectedConditions(document, range)) {
      const inner = entryOf(node, 'not');
      const kind = (['all', 'any'] as const).find((each) => entryOf(inner, each) !== undefined);
      const parts = kind === undefined ? [] : itemsOf(entryOf(inner, kind)).filter((each) => each.kind === 'map');
      if (kind === undefined || parts.length === 0) continue;
      const text = opposites(document, node, OPPOSITES[kind], parts);
      const changes = { edited: [{ document, changes: [replacing(document, node.range, text)] }] };
      return { title: `Write not ${kind} as ${OPPOSITES[kind]} not`, changes };
    }
    return undefined;
  },
};

function opposites(document: PolicyDocument, node: MapNode, kind: 'all' | 'any', parts: readonly MapNode[]): string {
  const { path } = document;
  const key = (word: string) => written(path, word);
  if (isInBrackets(document, node)) {
    const items = parts.map(
      (part) => `{ ${key('not')}: ${conditionText(document, part, { path, isInBrackets: true })} }`,
    );
    return `{ ${key(kind)}: [${items.join(', ')}] }`;
  }
  const column = columnOf(document, node);
  const lineBreak = lineBreakOf(document.text.getText());
  const lines = parts.map((part) => {
    const inner = conditionText(document, part, { path, isInBrackets: false, column: column + 6 });
    const value = inner.startsWith('{') ? ` ${inner}` : `${lineBreak}${' '.repeat(column + 6)}${inner}`;
    return `${' '.repeat(column + 2)}- not:${value}`;
  });
  return [`${kind}:`, ...lines].join(lineBreak);
}
