import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import { toLspRange } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { codeBlock } from './markdown.js';

/** Lines that are shown of one value. */
const MAX_LINES = 20;

/** A value as it stands in its file, as a block of code; its indentation is taken away. */
export function sourceBlock(document: PolicyDocument, node: DocumentNode): string {
  const range = toLspRange(node.range);
  const indentation = ' '.repeat(range.start.character);
  const lines = document.text
    .getText(range)
    .split(/\r?\n/)
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line));
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
  return codeBlock(shown.join('\n'), document.isJson ? 'json' : 'yaml');
}
