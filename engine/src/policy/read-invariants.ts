import { didYouMean, nearestWord } from './did-you-mean.js';
import { type DocumentNode, entryOf, itemsOf, type MapNode, textEntry, textItems } from './document-node.js';
import { INTERNET_CONNECTOR_NAME, type Invariant, type InvariantStatement } from './policy-set.js';
import { type ConditionContext, readRootCondition } from './read-condition.js';
import { durationEntry, rateEntry } from './read-scalar.js';
import type { Report } from './report.js';
import { spanOf } from './source.js';

/** What an invariant can state; an entry has exactly one of them. */
export const INVARIANT_KINDS = ['protected', 'ladder', 'newerIsNeverWorse', 'covered'] as const;

/** The limits that a ladder can set; it has at least one of them. */
const LADDER_LIMITS = ['neverBlockedBefore', 'atMostMore', 'severityNeverFalls'] as const;

/** Reads the invariants of an `*.invariants.yaml`. */
export function readInvariants(root: DocumentNode, context: ConditionContext): Invariant[] {
  return itemsOf(entryOf(root, 'invariants')).flatMap((node) => {
    const name = textEntry(node, 'name');
    const description = textEntry(node, 'description');
    const statement = node.kind === 'map' ? readStatement(node, context) : undefined;
    if (name === undefined || statement === undefined) return [];
    return [{ name, statement, source: spanOf(node), ...(description === undefined ? {} : { description }) }];
  });
}

function readStatement(node: MapNode, context: ConditionContext): InvariantStatement | undefined {
  const kinds = INVARIANT_KINDS.filter((kind) => node.entries.has(kind));
  const [kind] = kinds;
  const value = entryOf(node, kind ?? '');
  if (kind === undefined || value === undefined || kinds.length > 1) {
    const found = kinds.length === 0 ? 'none of them' : kinds.join(' and ');
    const message = `Exactly one of ${INVARIANT_KINDS.join(', ')} was expected in an invariant, not ${found}.`;
    const at = node.entries.get(kinds[1] ?? '')?.keySpan ?? entryOf(node, 'name') ?? node;
    context.report.add('invariant-shape', at, message, 'Write an invariant of its own for each.');
    return undefined;
  }
  if (kind === 'protected') {
    const when = readRootCondition(value, context);
    return when === undefined ? undefined : { kind, when };
  }
  const products = names(value, 'products');
  const connectors = names(value, 'connectors');
  const ofProducts = products === undefined ? {} : { products };
  if (kind === 'ladder') return readLadder(value, context.report);
  if (kind === 'covered') return connectors === undefined ? undefined : { kind, connectors, ...ofProducts };
  return { kind, ...ofProducts, ...(connectors === undefined ? {} : { connectors }) };
}

function readLadder(node: DocumentNode, report: Report): InvariantStatement | undefined {
  if (node.kind !== 'map') return undefined;
  if (LADDER_LIMITS.every((limit) => !node.entries.has(limit))) {
    const message = `A ladder needs at least one of ${LADDER_LIMITS.join(', ')}.`;
    report.add('invariant-shape', node, message, 'For example ladder: { neverBlockedBefore: 60d }.');
    return undefined;
  }
  const policies = names(node, 'policies');
  const neverBlockedBefore = durationEntry(node, 'neverBlockedBefore', report);
  const atMostMore = rateEntry(node, 'atMostMore', report);
  return {
    kind: 'ladder',
    severityNeverFalls: node.entries.has('severityNeverFalls'),
    ...(policies === undefined ? {} : { policies }),
    ...(neverBlockedBefore === undefined ? {} : { neverBlockedBefore }),
    ...(node.entries.has('atMostMore') ? { atMostMore } : {}),
  };
}

function names(node: DocumentNode, key: string): readonly string[] | undefined {
  const list = entryOf(node, key);
  return list === undefined ? undefined : textItems(list).map(({ text }) => text);
}

/** The names that other files declare; undefined where one of them could not be read. */
export interface DeclaredNames {
  readonly policies: readonly string[] | undefined;
  readonly products: readonly string[] | undefined;
  readonly connectors: readonly string[];
}

/** Checks that the policies, products and connectors that invariants name exist. */
export function checkInvariantNames(root: DocumentNode, declared: DeclaredNames, report: Report): void {
  const check = (list: DocumentNode | undefined, what: string, known: readonly string[] | undefined) => {
    for (const { text, node } of known === undefined ? [] : textItems(list)) {
      if (known?.includes(text)) continue;
      const code = what === 'connector' ? 'connector-unknown' : 'value-unknown';
      report.addAt(node, {
        code,
        message: `There is no ${what} ${text}.`,
        hint: didYouMean(text, known ?? []),
        replacement: nearestWord(text, known ?? []),
      });
    }
  };
  const connectors = [...new Set([...declared.connectors, INTERNET_CONNECTOR_NAME])];
  for (const entry of itemsOf(entryOf(root, 'invariants'))) {
    for (const kind of INVARIANT_KINDS) {
      const statement = entryOf(entry, kind);
      check(entryOf(statement, 'policies'), 'policy', declared.policies);
      check(entryOf(statement, 'products'), 'product', declared.products);
      check(entryOf(statement, 'connectors'), 'connector', connectors);
    }
  }
}
