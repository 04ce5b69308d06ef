import { type DocumentNode, entryOf, itemsOf, textEntry } from './document-node.js';
import { parseDuration } from './duration.js';
import { type EpochMillis, formatInstant } from './instant.js';
import type { Exemption, NamedCondition } from './policy-set.js';
import { type ConditionContext, readRootCondition } from './read-condition.js';
import { instantEntry } from './read-scalar.js';
import type { Report } from './report.js';
import { spanOf } from './source.js';

/** An exemption that ends within this time is warned of. */
const SOON_MILLIS = parseDuration('30d') ?? 0;

/**
 * Reads the exemptions of an `*.exemptions.yaml`, and warns of those that have ended or soon will.
 *
 * @param now the instant by which they have
 */
export function readExemptions(root: DocumentNode, context: ConditionContext, now: EpochMillis): Exemption[] {
  return itemsOf(entryOf(root, 'exemptions')).flatMap((node) => readExemption(node, context, now) ?? []);
}

function readExemption(node: DocumentNode, context: ConditionContext, now: EpochMillis): Exemption | undefined {
  const { report } = context;
  const name = textEntry(node, 'name');
  const when = readRootCondition(entryOf(node, 'whom'), context);
  const reason = textEntry(node, 'reason');
  const grantedBy = textEntry(node, 'grantedBy');
  const from = instantEntry(node, 'from', report);
  const until = instantEntry(node, 'until', report);
  const untilNode = entryOf(node, 'until') ?? node;
  if (from !== undefined && until !== undefined && until <= from) {
    report.add('interval-empty', untilNode, 'The exemption ends before it begins.', 'Move until behind from.');
  } else if (until !== undefined) warnOfEnd(name ?? '', until, untilNode, now, report);
  if (name === undefined || when === undefined || reason === undefined) return undefined;
  if (grantedBy === undefined || until === undefined) return undefined;
  return { name, when, reason, grantedBy, until, source: spanOf(node), ...(from === undefined ? {} : { from }) };
}

function warnOfEnd(name: string, until: EpochMillis, at: DocumentNode, now: EpochMillis, report: Report): void {
  if (until <= now) {
    const message = `The exemption ${name} ended at ${formatInstant(until)}.`;
    report.add('exemption-expired', at, message, 'Remove it, or have it granted anew.');
  } else if (until - now <= SOON_MILLIS) {
    const message = `The exemption ${name} ends within 30 days, at ${formatInstant(until)}.`;
    report.add('exemption-expires-soon', at, message, 'Have the server updated, or the exemption granted anew.');
  }
}

/** Reads the shared conditions of a `*.conditions.yaml`. */
export function readNamedConditions(root: DocumentNode, context: ConditionContext): NamedCondition[] {
  return itemsOf(entryOf(root, 'conditions')).flatMap((node) => {
    const name = textEntry(node, 'name');
    const when = readRootCondition(entryOf(node, 'when'), context);
    return name === undefined || when === undefined ? [] : [{ name, when, source: spanOf(node) }];
  });
}
