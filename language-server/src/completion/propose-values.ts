import { textEntry, textItems } from '@sluice/engine/policy/document-node.js';
import { type FactDefinition, factNamed } from '@sluice/engine/policy/fact.js';
import { referenceFits } from '@sluice/engine/policy/read-condition.js';
import type { Schema } from '@sluice/engine/policy/schema.js';
import { CompletionItemKind } from 'vscode-languageserver';
import type { Meaning } from '../meaning/meaning.js';
import type { SymbolKind } from '../symbols/occurrence.js';
import type { CaretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { operandOf } from './operand-of.js';
import { asOnlyItem, type Proposal } from './proposal.js';
import { proposeDates, proposeDurations, proposeRates } from './propose-quantities.js';
import { proposeRange } from './propose-range.js';
import { proposeReply } from './propose-reply.js';
import {
  asValue,
  descriptionOf,
  proposeExamples,
  proposeFacts,
  proposeListed,
  proposeNames,
  proposeOperators,
} from './propose-words.js';

/** What can stand as the single value at a caret; what the list around it has already is left out. */
export function proposeValues(context: DocumentInSet, caret: CaretContext, meaning: Meaning | undefined): Proposal[] {
  const present = new Set(textItems(caret.list).map(({ text }) => text));
  return valuesOf(context, caret, meaning).filter(({ label, put }) => put.what === 'part' || !present.has(label));
}

function valuesOf(context: DocumentInSet, caret: CaretContext, meaning: Meaning | undefined): Proposal[] {
  switch (meaning?.what) {
    case 'fact':
      return proposeFacts(caret.keys.at(-2) === 'value' ? referenceFilter(caret) : undefined);
    case 'operator':
      return proposeOperators(meaning.fact, caret.before);
    case 'value':
      return meaning.schema === undefined ? operands(context, caret) : valuesBySchema(context, caret, meaning.schema);
    default:
      return [];
  }
}

/** Keys whose text is the name of something. */
const NAMED_BY: Readonly<Record<string, SymbolKind>> = {
  condition: 'condition',
  advanceTo: 'stage',
  policies: 'policy',
  connectors: 'connector',
  products: 'product',
  // In tests.
  policy: 'policy',
  stage: 'stage',
  exemption: 'exemption',
};

function valuesBySchema(context: DocumentInSet, caret: CaretContext, schema: Schema): Proposal[] {
  const { snapshot } = context;
  const key = String(caret.keys.findLast((each) => typeof each === 'string'));
  const named = caret.keys.at(-2) === 'facts' ? NAMED_FACTS[key] : NAMED_BY[key];
  if (named === 'stage') return proposeStages(context);
  if (named !== undefined) return proposeNames(context, named);
  switch (schema['x-grammar']) {
    case 'instant':
      return proposeDates(snapshot.now);
    case 'rate':
      return proposeRates(descriptionOf(schema));
    case 'duration':
      return proposeDurations(descriptionOf(schema), caret.keys);
    case 'throttle-reply':
      return proposeReply('throttle', caret);
    case 'block-reply':
      return proposeReply('block', caret);
    default:
      return [...proposeListed(schema), ...proposeExamples(schema)];
  }
}

/** The stages of the policy, in a test those of all policies. */
function proposeStages(context: DocumentInSet): Proposal[] {
  const { document, snapshot } = context;
  if (document.kind === 'policy') return proposeNames(context, 'stage', document.path);
  const policies = [...snapshot.documents].filter(({ kind }) => kind === 'policy');
  const proposed = policies.flatMap(({ path }) => proposeNames(context, 'stage', path));
  return [...new Map(proposed.map((each) => [each.label, each])).values()];
}

/** Facts whose text is the name of something. */
const NAMED_FACTS: Readonly<Record<string, SymbolKind>> = {
  'connector.name': 'connector',
  'server.product': 'product',
  'server.build': 'build',
};

const TLS_VERSIONS: readonly string[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'];

/** What a fact can be compared with, in as many lists as the operator takes. */
function operands(context: DocumentInSet, caret: CaretContext): Proposal[] {
  const comparison = caret.maps.at(-1);
  const expected = operandOf(comparison);
  const fact = factNamed(textEntry(comparison, 'fact') ?? '');
  if (fact === undefined) return [];
  const depth = caret.keys.length - 1 - caret.keys.lastIndexOf('value');
  let proposals = singleOperands(context, caret, fact, expected?.kind);
  for (let level = depth; level < (expected?.listDepth ?? 0); level++) proposals = proposals.map(asOnlyItem);
  return proposals;
}

function singleOperands(
  context: DocumentInSet,
  caret: CaretContext,
  fact: FactDefinition,
  kind: NonNullable<ReturnType<typeof operandOf>>['kind'] | undefined,
): Proposal[] {
  const { snapshot } = context;
  if (kind === 'boolean' || (kind === undefined && fact.type === 'boolean')) return words(fact, [true, false]);
  if (kind === 'pattern') return [];
  const named = NAMED_FACTS[fact.name];
  if (named !== undefined) return proposeNames(context, named);
  if (fact.values !== undefined) return words(fact, fact.values);
  switch (fact.type) {
    case 'version':
      return proposeRange(snapshot.reading.sound.catalogue, snapshot.now, caret);
    case 'instant':
      return proposeDates(snapshot.now);
    case 'duration':
      return proposeDurations(fact.description, caret.keys);
    case 'list':
      return words(fact, tagsIn(context));
    case 'network':
      return words(fact, networksIn(context));
    default:
      return fact.name === 'tls.protocol' ? words(fact, TLS_VERSIONS) : [];
  }
}

function words({ description }: FactDefinition, values: readonly (string | boolean)[]): Proposal[] {
  return values.map((value) => ({
    label: String(value),
    kind: CompletionItemKind.Value,
    put: asValue(value),
    documentation: description,
  }));
}

/** Whether a fact can stand on the right side of the comparison around. */
function referenceFilter({ maps }: CaretContext): (other: FactDefinition) => boolean {
  const expected = operandOf(maps.at(-2));
  if (expected === undefined) return () => true;
  const { operator, kind, fact, listDepth } = expected;
  const isWrapped = listDepth > (kind === 'values' ? 1 : 0);
  return (other) => !isWrapped && other !== fact && referenceFits(operator, kind, fact, other);
}

function tagsIn({ snapshot }: DocumentInSet): string[] {
  return [...new Set(snapshot.reading.sound.connectors.flatMap(({ tags }) => tags))].sort();
}

function networksIn({ snapshot }: DocumentInSet): string[] {
  return [...new Set(snapshot.reading.sound.connectors.flatMap(({ networks }) => networks.map(({ text }) => text)))];
}
