import { plainValue } from '@sluice/engine/policy/document-node.js';
import { CodeActionKind } from 'vscode-languageserver';
import { Document, isMap, isScalar, Lexer, visit, type YAMLMap } from 'yaml';
import { formatJson } from '../format/format-json.js';
import type { Refactoring } from './refactoring.js';

/** Columns that a map in brackets may take. */
const MAX_COLUMNS = 100;

/** Writes a YAML file as JSON, or the other way round. */
export const convertFormat: Refactoring = {
  id: 'convert-format',
  kind: CodeActionKind.RefactorRewrite,
  propose({ document, snapshot }) {
    if (document.root === undefined) return undefined;
    const plain = plainValue(document.root);
    const path = document.path.replace(/\.\w+$/, document.isJson ? '.yaml' : '.json');
    if (snapshot.files.some((file) => file.path === path)) return undefined;
    const text = document.isJson ? yamlOf(plain) : formatJson(JSON.stringify(plain), '  ');
    const loss = !document.isJson && hasComments(document.text.getText()) ? ' (comments are lost)' : '';
    return {
      title: `Convert to ${document.isJson ? 'YAML' : 'JSON'}${loss}`,
      changes: { created: [{ path, text }], removed: [document.path] },
    };
  },
};

function hasComments(text: string): boolean {
  for (const lexeme of new Lexer().lex(text)) if (lexeme.startsWith('#')) return true;
  return false;
}

/** Maps of a few plain values, such as a stage or a comparison, stand on one line. */
function yamlOf(plain: unknown): string {
  const document = new Document(plain, { aliasDuplicateObjects: false });
  visit(document, {
    Map(_key, map, ancestors) {
      if (ancestors.length > 2 && isShort(map)) map.flow = true;
    },
    Seq(_key, list) {
      if (list.items.every(isScalar) && JSON.stringify(list).length <= MAX_COLUMNS) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function isShort(map: YAMLMap): boolean {
  const isFlat = map.items.every(({ value }) => isScalar(value) || (isMap(value) && isShort(value)));
  return isFlat && JSON.stringify(map).length <= MAX_COLUMNS;
}
