import { parseOperator } from '@sluice/engine/policy/decorator.js';
import { textEntry } from '@sluice/engine/policy/document-node.js';
import type { FactDefinition } from '@sluice/engine/policy/fact.js';
import { formatInstant } from '@sluice/engine/policy/instant.js';
import { REPLY_PLACEHOLDERS } from '@sluice/engine/policy/reply-template.js';
import { CompletionItemKind } from 'vscode-languageserver';
import type { Meaning } from '../meaning/meaning.js';
import type { SymbolKind } from '../symbols/occurrence.js';
import type { CaretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { Proposal } from './proposal.js';
import { proposeExamples, proposeFacts, proposeListed, proposeNames, proposeOperators } from './propose-words.js';

/** What can stand as the value at a caret, in whatever its own text is not split into parts. */
export function proposeValues(context: DocumentInSet, caret: CaretContext, meaning: Meaning | undefined): Proposal[] {
  const { keys, map } = caret;
  const key = keys.findLast((each) => typeof each === 'string');
  if (meaning?.what === 'fact') return proposeFacts();
  if (meaning?.what === 'operator') return proposeOperators(textEntry(map, 'fact') ?? '');
  const named = NAMES[String(key)];
  if (named !== undefined && meaning?.what === 'value' && meaning.fact === undefined) {
    return proposeNames(context, named, named === 'stage' ? context.document.path : undefined);
  }
  if (meaning?.what !== 'value') return [];
  if (meaning.fact !== undefined) return proposeOperands(context, meaning.fact, textEntry(map, 'operator') ?? '');
  const { schema } = meaning;
  if (schema === undefined) return [];
  if (meaning.grammar === 'instant') return [todayOf(context), ...proposeExamples(schema)];
  return [...proposeListed(schema), ...proposeExamples(schema)];
}

/** The placeholders that a reply can have. */
export function proposePlaceholders(): Proposal[] {
  return Object.entries(REPLY_PLACEHOLDERS).map(([name, meaning]) => ({
    label: `{${name}}`,
    kind: CompletionItemKind.Variable,
    documentation: `Stands for the ${meaning}.`,
  }));
}

/** Keys whose text is the name of something. */
const NAMES: Readonly<Record<string, SymbolKind>> = {
  condition: 'condition',
  advanceTo: 'stage',
  policies: 'policy',
  connectors: 'connector',
  products: 'product',
};

/** Facts whose text is the name of something. */
const NAMED_FACTS: Readonly<Record<string, SymbolKind>> = {
  'connector.name': 'connector',
  'server.product': 'product',
  'server.build': 'build',
};

const TLS_VERSIONS: readonly string[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'];
const DURATIONS: readonly string[] = ['30d', '90d', '180d', '365d'];

function proposeOperands(context: DocumentInSet, fact: FactDefinition, operator: string): Proposal[] {
  const parsed = parseOperator(operator);
  const kind = 'code' in parsed ? undefined : parsed.operator.fits[fact.type];
  const words = (values: readonly string[]): Proposal[] =>
    values.map((label) => ({ label, kind: CompletionItemKind.Value, documentation: fact.description }));
  if (kind === 'boolean' || (kind === undefined && fact.type === 'boolean')) return words(['true', 'false']);
  if (kind === 'pattern') return [];
  const named = NAMED_FACTS[fact.name];
  if (named !== undefined) return proposeNames(context, named);
  if (fact.values !== undefined) return words(fact.values);
  switch (fact.type) {
    case 'instant':
      return [todayOf(context)];
    case 'duration':
      return words(DURATIONS);
    case 'list':
      return words(tagsIn(context));
    case 'network':
      return words(networksIn(context));
    default:
      return fact.name === 'tls.protocol' ? words(TLS_VERSIONS) : [];
  }
}

function tagsIn({ snapshot }: DocumentInSet): string[] {
  return [...new Set(snapshot.reading.sound.connectors.flatMap(({ tags }) => tags))].sort();
}

function networksIn({ snapshot }: DocumentInSet): string[] {
  return [...new Set(snapshot.reading.sound.connectors.flatMap(({ networks }) => networks.map(({ text }) => text)))];
}

function todayOf({ snapshot }: DocumentInSet): Proposal {
  const label = formatInstant(snapshot.now).slice(0, 10);
  return { label, kind: CompletionItemKind.Value, documentation: 'Today, at midnight UTC.', isPreferred: true };
}
