import { type DocumentNode, entryOf, textEntry } from '@sluice/engine/policy/document-node.js';
import type { Finding, FindingCode } from '@sluice/engine/policy/finding.js';
import { type EpochMillis, parseInstant } from '@sluice/engine/policy/instant.js';
import { contains } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { code, paragraphs, plain } from './markdown.js';
import { sourceBlock } from './source-text.js';
import { datedWords } from './words.js';

/** A shared condition: what it is for, and its text. */
export function explainCondition(name: string, document: PolicyDocument, node: DocumentNode): string {
  const when = entryOf(node, 'when');
  return paragraphs(
    `**${name}**, a shared condition`,
    plain(textEntry(node, 'description') ?? ''),
    when === undefined ? undefined : sourceBlock(document, when),
  );
}

/** An exemption: until when, why, who granted it, and whom it lets through. */
export function explainExemption(name: string, document: PolicyDocument, node: DocumentNode, now: EpochMillis): string {
  const whom = entryOf(node, 'whom');
  const grantedBy = textEntry(node, 'grantedBy');
  return paragraphs(
    `**${name}**, an exemption${endWords(node, now)}`,
    plain(textEntry(node, 'reason') ?? ''),
    grantedBy === undefined ? undefined : `Granted by ${plain(grantedBy)}.`,
    whom === undefined ? undefined : paragraphs('It lets connections through with', sourceBlock(document, whom)),
  );
}

function endWords(node: DocumentNode, now: EpochMillis): string {
  const from = parseInstant(textEntry(node, 'from') ?? '');
  const until = parseInstant(textEntry(node, 'until') ?? '');
  const begins = from !== undefined && from > now ? `, begins ${datedWords(from, now)}` : '';
  if (until === undefined) return begins;
  return `${begins}, ${until <= now ? 'ended' : 'ends'} ${datedWords(until, now)}`;
}

/** What is told of an invariant that does not hold, or may not. */
const BROKEN: ReadonlySet<FindingCode> = new Set(['invariant-violated', 'invariant-undecided']);

/** An invariant: what it is for, its text, and whether it is known not to hold. */
export function explainInvariant(
  name: string,
  document: PolicyDocument,
  node: DocumentNode,
  findings: readonly Finding[],
): string {
  const broken = findings.filter(
    (each) => BROKEN.has(each.code) && each.file === document.path && contains(node.range, each.range.start),
  );
  return paragraphs(
    `**${name}**, an invariant: what must hold for every connection and on every day`,
    plain(textEntry(node, 'description') ?? ''),
    sourceBlock(document, node),
    ...broken.map(({ message }) => `⚠ ${plain(message)}`),
  );
}

/** What an anchor stands for. */
export function explainAnchor(name: string): string {
  return `${code(`&${name}`)}, an anchor: what stands behind it also stands wherever ${code(`*${name}`)} does`;
}
