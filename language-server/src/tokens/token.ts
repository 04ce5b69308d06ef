import type { SourceRange } from '@sluice/engine/policy/source.js';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver';

/** The types of tokens, standard ones only, so that every theme colours them. */
export const TOKEN_TYPES = [
  SemanticTokenTypes.property,
  SemanticTokenTypes.class,
  SemanticTokenTypes.enumMember,
  SemanticTokenTypes.interface,
  SemanticTokenTypes.function,
  SemanticTokenTypes.event,
  SemanticTokenTypes.struct,
  SemanticTokenTypes.namespace,
  SemanticTokenTypes.type,
  SemanticTokenTypes.variable,
  SemanticTokenTypes.operator,
  SemanticTokenTypes.decorator,
  SemanticTokenTypes.number,
  SemanticTokenTypes.regexp,
  SemanticTokenTypes.parameter,
  SemanticTokenTypes.macro,
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

export const TOKEN_MODIFIERS = [SemanticTokenModifiers.declaration, SemanticTokenModifiers.readonly] as const;
export type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

/** A part of a document with what it is; it may go over several lines. */
export interface Token {
  readonly range: SourceRange;
  readonly type: TokenType;
  readonly modifier?: TokenModifier;
}
