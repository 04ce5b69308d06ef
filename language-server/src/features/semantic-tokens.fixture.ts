import type { Range, SemanticTokens } from 'vscode-languageserver';
import { SEMANTIC_TOKENS_LEGEND } from './semantic-tokens.js';

/** A token as it is meant, decoded from the numbers of LSP (LSP 3.17, semantic tokens). */
export interface DecodedToken {
  readonly range: Range;
  readonly type: string;
  readonly modifiers: readonly string[];
}

/** Undoes the encoding. */
export function decodeTokens({ data }: SemanticTokens): DecodedToken[] {
  const { tokenTypes, tokenModifiers } = SEMANTIC_TOKENS_LEGEND;
  const tokens: DecodedToken[] = [];
  let line = 0;
  let character = 0;
  for (let index = 0; index < data.length; index += 5) {
    const [deltaLine = 0, deltaStart = 0, length = 0, type = 0, bits = 0] = data.slice(index, index + 5);
    line += deltaLine;
    character = deltaLine > 0 ? deltaStart : character + deltaStart;
    const range = { start: { line, character }, end: { line, character: character + length } };
    const modifiers = tokenModifiers.filter((_, bit) => (bits & (1 << bit)) !== 0);
    tokens.push({ range, type: tokenTypes[type] ?? '?', modifiers });
  }
  return tokens;
}
