import { DECORATORS } from '@sluice/engine/policy/decorator.js';
import { FACTS, type FactDefinition, factNamed } from '@sluice/engine/policy/fact.js';
import { OPERATORS, operatorsFor } from '@sluice/engine/policy/operator.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainFact } from '../explain/explain-fact.js';
import { explainName } from '../explain/explain-name.js';
import { explainOperator } from '../explain/explain-operator.js';
import type { SymbolKind } from '../symbols/occurrence.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { Proposal } from './proposal.js';

/** All facts with their types. */
export function proposeFacts(): Proposal[] {
  return FACTS.map((fact) => ({
    label: fact.name,
    kind: CompletionItemKind.Variable,
    detail: fact.type,
    documentation: explainFact(fact),
  }));
}

/** The operators that fit a fact; all of them where the fact is not known. Decorators follow. */
export function proposeOperators(factName: string): Proposal[] {
  const fact = factNamed(factName);
  const names = fact === undefined ? OPERATORS.map(({ name }) => name) : operatorsFor(fact.type);
  const decorators = Object.entries(DECORATORS).filter(([name]) => fits(name, fact));
  return [
    ...names.map((name) => ({
      label: name,
      kind: CompletionItemKind.Operator,
      documentation: explainOperator(name, fact) ?? '',
    })),
    ...decorators.map(([name, meaning]) => ({
      label: `${name}:`,
      kind: CompletionItemKind.Keyword,
      detail: 'decorator',
      documentation: `Before an operator: ${meaning}.`,
    })),
  ];
}

function fits(decorator: string, fact: FactDefinition | undefined): boolean {
  const isOfLists = decorator === 'someFact' || decorator === 'everyFact';
  return !isOfLists || fact === undefined || fact.type === 'list';
}

/** The values that a schema lists. */
export function proposeListed(schema: Schema): Proposal[] {
  const description = String(schema['description'] ?? '');
  const values = schema['type'] === 'boolean' && schema['enum'] === undefined ? [true, false] : schema['enum'];
  return ((values ?? []) as readonly unknown[]).map((value) => ({
    label: String(value),
    kind: CompletionItemKind.EnumMember,
    documentation: description,
  }));
}

/** Examples of a text with a grammar of its own. */
export function proposeExamples(schema: Schema): Proposal[] {
  return ((schema['examples'] ?? []) as readonly unknown[])
    .map(String)
    .filter((example) => !example.includes('…'))
    .map((label) => ({ label, kind: CompletionItemKind.Value, documentation: String(schema['description'] ?? '') }));
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
    const documentation = explanation ?? `The ${kind} ${name}, ${node.file}:${node.range.start.line}.`;
    return { label: name, kind: CompletionItemKind.Reference, detail: kind, documentation };
  });
}
