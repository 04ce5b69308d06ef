import {
  type Range,
  type SemanticTokens,
  SemanticTokensBuilder,
  type SemanticTokensLegend,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toLspPosition } from '../text/positions.js';
import { TOKEN_MODIFIERS, TOKEN_TYPES, type Token } from '../tokens/token.js';
import { tokensOf } from '../tokens/tokens-of.js';
import type { DocumentInSet } from '../workspace/workspace.js';

export const SEMANTIC_TOKENS_LEGEND: SemanticTokensLegend = {
  tokenTypes: [...TOKEN_TYPES],
  tokenModifiers: [...TOKEN_MODIFIERS],
};

/** What each word of a document is, or of the lines of a range. */
export function semanticTokens({ document }: DocumentInSet, range?: Range): SemanticTokens {
  const { text } = document;
  const builder = new SemanticTokensBuilder();
  for (const { token, start, end } of apart(tokensOf(document), text)) {
    const type = TOKEN_TYPES.indexOf(token.type);
    const modifiers = token.modifier === undefined ? 0 : 1 << TOKEN_MODIFIERS.indexOf(token.modifier);
    for (const { line, character, length } of linesOf(text, start, end)) {
      const isAsked = range === undefined || (range.start.line <= line && line <= range.end.line);
      if (isAsked) builder.push(line, character, length, type, modifiers);
    }
  }
  return builder.build();
}

interface Stretch {
  readonly token: Token;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Tokens in the order of the text; of two that overlap, the one that begins first, then the one that came first. */
function apart(tokens: readonly Token[], text: TextDocument): Stretch[] {
  const stretches = tokens.map((token) => ({
    token,
    start: text.offsetAt(toLspPosition(token.range.start)),
    end: text.offsetAt(toLspPosition(token.range.end)),
  }));
  let covered = 0;
  return stretches
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      if (start < covered || end <= start) return false;
      covered = end;
      return true;
    });
}

/** A stretch line by line, without line ends and what is blank around it: a token never goes over a line end (LSP 3.17). */
function* linesOf(text: TextDocument, start: number, end: number) {
  let at = start;
  for (const line of text.getText().slice(start, end).split('\n')) {
    const content = line.trim();
    const { line: number, character } = text.positionAt(at + line.indexOf(content));
    if (content !== '') yield { line: number, character, length: content.length };
    at += line.length + 1;
  }
}
