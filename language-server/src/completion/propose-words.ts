import { comparedType, DECORATORS, type DecoratorName, parseOperator } from '@sluice/engine/policy/decorator.js';
import { FACTS, type FactDefinition } from '@sluice/engine/policy/fact.js';
import { OPERATORS } from '@sluice/engine/policy/operator.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainFact } from '../explain/explain-fact.js';
import { explainName } from '../explain/explain-name.js';
import { explainOperator } from '../explain/explain-operator.js';
import type { SymbolKind } from '../symbols/occurrence.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { Proposal } from './proposal.js';
import { Hole, type Template } from './template.js';

/** A value as it stands. */
export function asValue(value: Template): Proposal['put'] {
  return { what: 'value', value };
}

/** Facts with their types; all of them, or those that a comparison takes on its right side. */
export function proposeFacts(fits: (fact: FactDefinition) => boolean = () => true): Proposal[] {
  return FACTS.filter(fits).map((fact) => ({
    label: fact.name,
    kind: CompletionItemKind.Variable,
    put: asValue(fact.name),
    detail: fact.type,
    documentation: explainFact(fact),
  }));
}

/**
 * The operators that fit a fact, all of them where it is not known, and the decorators that can stand before one.
 *
 * @param typed the operator as far as it is typed, with decorators
 */
export function proposeOperators(fact: FactDefinition | undefined, typed: string): Proposal[] {
  const decorators = typed.slice(0, typed.lastIndexOf(':') + 1);
  const operators = OPERATORS.map(({ name }) => name).filter((name) => fitsFact(decorators + name, fact));
  const further = Object.keys(DECORATORS).filter((name) =>
    OPERATORS.some((operator) => fitsFact(`${decorators}${name}:${operator.name}`, fact)),
  ) as DecoratorName[];
  return [
    ...operators.map((name) => ({
      label: name,
      kind: CompletionItemKind.Operator,
      put: asValue(decorators + name),
      documentation: explainOperator(decorators + name, fact) ?? '',
      filter: decorators + name,
    })),
    ...further.map((name) => ({
      label: `${name}:`,
      kind: CompletionItemKind.Keyword,
      put: asValue(new Hole('', { prefix: `${decorators}${name}:` })),
      detail: 'decorator',
      documentation: `Before an operator: ${DECORATORS[name]}.`,
      filter: `${decorators}${name}:`,
    })),
  ];
}

function fitsFact(text: string, fact: FactDefinition | undefined): boolean {
  const decorated = parseOperator(text);
  if ('code' in decorated) return false;
  const compared = fact === undefined ? undefined : comparedType(decorated, fact.type);
  if (compared === 'no list') return false;
  return compared === undefined || decorated.operator.fits[compared] !== undefined;
}

/** The values that a schema lists. */
export function proposeListed(schema: Schema): Proposal[] {
  const values = schema['type'] === 'boolean' && schema['enum'] === undefined ? [true, false] : schema['enum'];
  const words = ((values ?? []) as readonly (string | number | boolean | null)[]).filter((value) => value !== null);
  return words.map((value) => ({
    label: String(value),
    kind: CompletionItemKind.EnumMember,
    put: asValue(value),
    documentation: descriptionOf(schema),
  }));
}

/** Examples of a text with a grammar of its own. */
export function proposeExamples(schema: Schema): Proposal[] {
  return ((schema['examples'] ?? []) as readonly unknown[])
    .map(String)
    .filter((example) => !example.includes('…'))
    .map((label) => ({
      label,
      kind: CompletionItemKind.Value,
      put: asValue(label),
      detail: 'an example',
      documentation: descriptionOf(schema),
    }));
}

export function descriptionOf(schema: Schema): string {
  return String(schema['description'] ?? '');
}

/** Names with a longer explanation each; of more names it would take too long. */
const MAX_EXPLAINED = 60;

/** The names of a kind that the policy set declares. */
export function proposeNames({ snapshot }: DocumentInSet, kind: SymbolKind, scope?: string): Proposal[] {
  const declarations = new Map(declarationsOf(snapshot, kind, scope).map((each) => [each.name, each]));
  declarations.delete('');
  return [...declarations.values()].map((declaration) => {
    const { name, node } = declaration;
    const explanation = declarations.size > MAX_EXPLAINED ? undefined : explainName(declaration, snapshot, []);
    return {
      label: name,
      kind: CompletionItemKind.Reference,
      put: asValue(name),
      detail: kind,
      documentation: explanation ?? `The ${kind} ${name}, ${node.file}:${node.range.start.line}.`,
    };
  });
}
