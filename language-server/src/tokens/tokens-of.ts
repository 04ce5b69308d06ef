import { parseOperator } from '@sluice/engine/policy/decorator.js';
import { partOfText, type ScalarNode } from '@sluice/engine/policy/document-node.js';
import { factNamed } from '@sluice/engine/policy/fact.js';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver';
import type { Meaning, ValueGrammar } from '../meaning/meaning.js';
import { meaningsIn } from '../meaning/meanings-in.js';
import { placedReplyParts, versionParts } from '../meaning/scalar-parts.js';
import type { Occurrence, SymbolKind } from '../symbols/occurrence.js';
import { namesIn, placeOf } from '../symbols/symbol-index.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { Token, TokenType } from './token.js';

const OF_NAMES: Readonly<Record<SymbolKind, TokenType>> = {
  policy: SemanticTokenTypes.class,
  stage: SemanticTokenTypes.enumMember,
  connector: SemanticTokenTypes.interface,
  condition: SemanticTokenTypes.function,
  exemption: SemanticTokenTypes.event,
  invariant: SemanticTokenTypes.struct,
  product: SemanticTokenTypes.namespace,
  build: SemanticTokenTypes.type,
  anchor: SemanticTokenTypes.macro,
};

/** Values that are one token; of what is left out, the editor's own colours stay. */
const OF_GRAMMARS: Partial<Record<ValueGrammar, TokenType>> = {
  duration: SemanticTokenTypes.number,
  instant: SemanticTokenTypes.number,
  rate: SemanticTokenTypes.number,
  network: SemanticTokenTypes.number,
  version: SemanticTokenTypes.number,
  enum: SemanticTokenTypes.enumMember,
  pattern: SemanticTokenTypes.regexp,
};

const OF_VERSION_PARTS = {
  comparator: SemanticTokenTypes.operator,
  or: SemanticTokenTypes.operator,
  hyphen: SemanticTokenTypes.operator,
  operand: SemanticTokenTypes.number,
  name: SemanticTokenTypes.type,
} as const;

const OF_REPLY_PARTS = {
  code: SemanticTokenTypes.number,
  status: SemanticTokenTypes.number,
  placeholder: SemanticTokenTypes.parameter,
} as const;

/** All tokens of a document, in no order; names come first, which mean more than the values that they stand in. */
export function tokensOf(document: PolicyDocument): Token[] {
  return [
    ...namesIn(document).flatMap((name) => ofName(name) ?? []),
    ...meaningsIn(document).flatMap((meaning) => ofMeaning(meaning)),
  ];
}

/** Builds in version ranges are told with the range. */
function ofName(name: Occurrence): Token | undefined {
  if (name.part !== undefined) return undefined;
  const { range } = placeOf(name);
  const type = OF_NAMES[name.kind];
  return name.role === 'declaration' ? { range, type, modifier: SemanticTokenModifiers.declaration } : { range, type };
}

function ofMeaning(meaning: Meaning): Token[] {
  const { range } = meaning;
  switch (meaning.what) {
    case 'key':
      return [{ range, type: SemanticTokenTypes.property }];
    case 'fact':
      return factNamed(String(meaning.node.value)) === undefined
        ? []
        : [{ range, type: SemanticTokenTypes.variable, modifier: SemanticTokenModifiers.readonly }];
    case 'operator':
      return ofOperator(meaning.node);
    case 'value':
      return ofValue(meaning.node, meaning.grammar);
  }
}

/** `not:someValue:equal`: decorators, then the operator; nothing where one of them is not known. */
function ofOperator(node: ScalarNode): Token[] {
  const text = String(node.value);
  if ('code' in parseOperator(text)) return [];
  const words = text.split(':');
  let offset = 0;
  return words.map((word, index) => {
    const { range } = partOfText(node, offset, word.length);
    offset += word.length + 1;
    const isLast = index === words.length - 1;
    return { range, type: isLast ? SemanticTokenTypes.operator : SemanticTokenTypes.decorator };
  });
}

function ofValue(node: ScalarNode, grammar: ValueGrammar | undefined): Token[] {
  if (grammar === undefined || typeof node.value !== 'string') return [];
  if (grammar === 'version-range') {
    return versionParts(node).map(({ part, range }) => ({ range, type: OF_VERSION_PARTS[part.kind] }));
  }
  if (grammar === 'throttle-reply' || grammar === 'block-reply') {
    return placedReplyParts(node).map(({ part, range }) => ({ range, type: OF_REPLY_PARTS[part.kind] }));
  }
  const type = OF_GRAMMARS[grammar];
  return type === undefined ? [] : [{ range: node.range, type }];
}
