import {
  type DocumentNode,
  entryOf,
  itemsOf,
  type ScalarNode,
  textEntry,
  textItems,
} from '@sluice/engine/policy/document-node.js';
import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import type { Occurrence, SymbolKind } from './occurrence.js';

/** All places of a document where the name of something stands, in the order of the text. */
export function occurrencesOf(kind: FileKind, path: string, root: DocumentNode): Occurrence[] {
  return [...FINDERS[kind](root, path)];
}

type Finder = (root: DocumentNode, path: string) => Iterable<Occurrence>;

const FINDERS: Readonly<Record<FileKind, Finder>> = {
  policy: inPolicy,
  *connectors(root) {
    for (const node of itemsOf(entryOf(root, 'connectors'))) yield* declared('connector', node);
  },
  *conditions(root) {
    for (const node of itemsOf(entryOf(root, 'conditions'))) {
      yield* declared('condition', node);
      yield* inCondition(entryOf(node, 'when'));
    }
  },
  *exemptions(root) {
    for (const node of itemsOf(entryOf(root, 'exemptions'))) {
      yield* declared('exemption', node);
      yield* inCondition(entryOf(node, 'whom'));
    }
  },
  *invariants(root) {
    for (const node of itemsOf(entryOf(root, 'invariants'))) yield* inInvariant(node);
  },
  *builds(root) {
    for (const product of itemsOf(entryOf(root, 'products'))) {
      yield* declared('product', product);
      for (const build of itemsOf(entryOf(product, 'builds'))) yield* declared('build', build);
    }
  },
  test: inTests,
};

function* inPolicy(root: DocumentNode, path: string): Iterable<Occurrence> {
  yield* declared('policy', root);
  yield* inCondition(entryOf(root, 'when'));
  for (const stage of itemsOf(entryOf(root, 'stages'))) yield* declared('stage', stage, path);
  for (const threshold of itemsOf(entryOf(root, 'thresholds'))) {
    yield* mentioned('stage', entryOf(threshold, 'advanceTo'), path);
  }
}

function* inInvariant(node: DocumentNode): Iterable<Occurrence> {
  yield* declared('invariant', node);
  yield* inCondition(entryOf(node, 'protected'));
  yield* mentionedIn('policy', entryOf(entryOf(node, 'ladder'), 'policies'));
  for (const statement of ['newerIsNeverWorse', 'covered']) {
    yield* mentionedIn('product', entryOf(entryOf(node, statement), 'products'));
    yield* mentionedIn('connector', entryOf(entryOf(node, statement), 'connectors'));
  }
}

/** Stages are left out: of which file they are, the name of their policy alone does not say. */
function* inTests(root: DocumentNode): Iterable<Occurrence> {
  yield* inFacts(root);
  for (const test of itemsOf(entryOf(root, 'tests'))) {
    for (const part of [test, ...itemsOf(entryOf(test, 'cases')), ...itemsOf(entryOf(test, 'timeline'))]) {
      yield* inFacts(part);
      const expected = entryOf(part, 'expect');
      for (const kind of ['policy', 'exemption'] as const) yield* mentioned(kind, entryOf(expected, kind));
    }
  }
}

function* inFacts(parent: DocumentNode): Iterable<Occurrence> {
  const facts = entryOf(parent, 'facts');
  yield* mentioned('connector', entryOf(facts, 'connector.name'));
  yield* mentioned('product', entryOf(facts, 'server.product'));
  yield* mentioned('build', entryOf(facts, 'server.build'));
}

function* inCondition(node: DocumentNode | undefined): Iterable<Occurrence> {
  if (node === undefined) return;
  for (const key of ['all', 'any']) for (const part of itemsOf(entryOf(node, key))) yield* inCondition(part);
  yield* inCondition(entryOf(node, 'not'));
  yield* mentioned('condition', entryOf(node, 'condition'));
  const value = entryOf(node, 'value');
  switch (textEntry(node, 'fact')) {
    case 'connector.name':
      return yield* mentionedAnywhere('connector', value);
    case 'server.product':
      return yield* mentionedAnywhere('product', value);
    case 'server.build':
      return yield* mentionedAnywhere('build', value);
    case 'server.version':
      return yield* buildsInRange(value);
  }
}

function* declared(kind: SymbolKind, node: DocumentNode, scope?: string): Iterable<Occurrence> {
  for (const occurrence of mentioned(kind, entryOf(node, 'name'), scope)) yield { ...occurrence, role: 'declaration' };
}

function* mentioned(kind: SymbolKind, node: DocumentNode | undefined, scope?: string): Iterable<Occurrence> {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return;
  yield { kind, name: node.value, role: 'reference', node, ...(scope === undefined ? {} : { scope }) };
}

function* mentionedIn(kind: SymbolKind, list: DocumentNode | undefined): Iterable<Occurrence> {
  for (const { node } of textItems(list)) yield* mentioned(kind, node);
}

function* mentionedAnywhere(kind: SymbolKind, value: DocumentNode | undefined): Iterable<Occurrence> {
  yield* mentioned(kind, value);
  yield* mentionedIn(kind, value);
}

const QUOTED = /"([^"]+)"|'([^']+)'/g;

/** Builds stand in quotes in a version range: `< "Exchange Server 2016 CU23 Aug24SU"`. */
function* buildsInRange(value: DocumentNode | undefined): Iterable<Occurrence> {
  if (value?.kind !== 'scalar' || typeof value.value !== 'string') return;
  const node: ScalarNode = value;
  for (const match of value.value.matchAll(QUOTED)) {
    const name = match[1] ?? match[2] ?? '';
    yield { kind: 'build', name, role: 'reference', node, part: { offset: match.index + 1, length: name.length } };
  }
}
