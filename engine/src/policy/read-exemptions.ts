import { type DocumentNode, entryOf, itemsOf, textEntry } from './document-node.js';
import { parseDuration } from './duration.js';
import { type EpochMillis, formatInstant } from './instant.js';
import type { Exemption, NamedCondition } from './policy-set.js';
import { type ConditionContext, readRootCondition } from './read-condition.js';
import { instantEntry } from './read-scalar.js';
import type { Report } from './report.js';

/** An exemption that ends within this time is told of. */
const SOON_MILLIS = parseDuration('30d') ?? 0;

/** Reads the exemptions of an `*.exemptions.yaml`. */
export function readExemptions(root: DocumentNode, context: ConditionContext): Exemption[] {
  return itemsOf(entryOf(root, 'exemptions')).flatMap((node) => readExemption(node, context) ?? []);
}

function readExemption(node: DocumentNode, context: ConditionContext): Exemption | undefined {
  const name = textEntry(node, 'name');
  const when = readRootCondition(entryOf(node, 'whom'), context);
  const reason = textEntry(node, 'reason');
  const grantedBy = textEntry(node, 'grantedBy');
  const from = instantEntry(node, 'from', context.report);
  const until = instantEntry(node, 'until', context.report);
  const untilNode = entryOf(node, 'until');
  if (from !== undefined && until !== undefined && untilNode !== undefined && until <= from) {
    context.report.add('interval-empty', untilNode, 'The exemption ends before it begins.', 'Move until behind from.');
  }
  if (name === undefined || when === undefined || reason === undefined) return undefined;
  if (grantedBy === undefined || until === undefined) return undefined;
  return { name, when, reason, grantedBy, until, source: untilNode ?? node, ...(from === undefined ? {} : { from }) };
}

/** Reads the shared conditions of a `*.conditions.yaml`. */
export function readNamedConditions(root: DocumentNode, context: ConditionContext): NamedCondition[] {
  return itemsOf(entryOf(root, 'conditions')).flatMap((node) => {
    const name = textEntry(node, 'name');
    const when = readRootCondition(entryOf(node, 'when'), context);
    return name === undefined || when === undefined ? [] : [{ name, when, source: node }];
  });
}

/** Warns of exemptions that have ended or soon will. */
export function checkExemptions(exemptions: readonly Exemption[], now: EpochMillis, report: Report): void {
  for (const { name, until, source } of exemptions) {
    if (until <= now) {
      const message = `The exemption ${name} ended at ${formatInstant(until)}.`;
      report.add('exemption-expired', source, message, 'Remove it, or have it granted anew.');
    } else if (until - now <= SOON_MILLIS) {
      const message = `The exemption ${name} ends soon, at ${formatInstant(until)}.`;
      report.add('exemption-expires-soon', source, message, 'Have the server fixed, or the exemption granted anew.');
    }
  }
}
