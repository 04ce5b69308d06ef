import type { ScalarNode } from '@sluice/engine/policy/document-node.js';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { CST, Lexer } from 'yaml';
import { toPlace } from '../text/positions.js';
import type { Occurrence } from './occurrence.js';

/** The anchors of a YAML text (`&name`) and the aliases that stand for them (`*name`), in the order of the text. */
export function anchorsIn(path: string, text: TextDocument): Occurrence[] {
  const occurrences: Occurrence[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text.getText())) {
    const type = CST.tokenType(lexeme);
    // What the lexer says of itself stands in no text.
    if (lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END || lexeme === CST.SCALAR) continue;
    if ((type === 'anchor' || type === 'alias') && lexeme.length > 1) {
      const start = toPlace(text.positionAt(offset + 1));
      const end = toPlace(text.positionAt(offset + lexeme.length));
      const name = lexeme.slice(1);
      const node: ScalarNode = { kind: 'scalar', file: path, range: { start, end }, raw: name, value: name };
      const role = type === 'anchor' ? 'declaration' : 'reference';
      occurrences.push({ kind: 'anchor', name, role, node, scope: path });
    }
    offset += lexeme.length;
  }
  return occurrences;
}
