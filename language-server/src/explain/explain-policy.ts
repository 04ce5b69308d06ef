import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import { type DocumentNode, entryOf, itemsOf, textEntry } from '@sluice/engine/policy/document-node.js';
import type { Finding, FindingCode } from '@sluice/engine/policy/finding.js';
import type { Policy } from '@sluice/engine/policy/policy-set.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { type DraftStage, draftStages } from './draft-stages.js';
import { hourWords } from './explain-rate.js';
import { buildWords } from './explain-versions.js';
import { code, paragraphs, plain } from './markdown.js';
import { Matching } from './matching.js';
import { sourceBlock } from './source-text.js';
import { clockWords, counted } from './words.js';

/** What the exact analysis says of a policy among the others. */
const AMONG_OTHERS: ReadonlySet<FindingCode> = new Set([
  'policy-shadowed',
  'policy-conflict',
  'policy-unmatchable',
  'newer-build-worse',
]);

/**
 * What a policy decides: for whom, how urgently, and what they get as time passes.
 *
 * @param policy the policy as it is read, where it can be
 * @param findings what is known to be wrong in the policy set
 */
export function explainPolicy(
  document: PolicyDocument,
  root: DocumentNode,
  policy: Policy | undefined,
  snapshot: FolderSnapshot,
  findings: readonly Finding[],
): string {
  const when = entryOf(root, 'when');
  return paragraphs(
    headline(root),
    plain(textEntry(root, 'description') ?? ''),
    forceWords(root),
    stageLines(root),
    thresholdLines(root),
    when === undefined ? undefined : paragraphs('It decides for connections with', sourceBlock(document, when)),
    policy === undefined ? undefined : buildLine(policy, snapshot),
    amongOthers(document.path, findings),
  );
}

function headline(root: DocumentNode): string {
  const name = textEntry(root, 'name') ?? '(no name)';
  const mode = MODES[textEntry(root, 'mode') ?? ''];
  const priority = entryOf(root, 'priority');
  const rank = priority?.kind === 'scalar' && typeof priority.value === 'number' ? `, priority ${priority.value}` : '';
  return `**${name}**, a policy${mode === undefined ? '' : ` ${mode}`}${rank}`;
}

const MODES: Readonly<Record<string, string>> = {
  enforce: 'that enforces',
  report: 'that reports and refuses nothing',
  off: 'that is off',
};

function forceWords(root: DocumentNode): string {
  const effective = entryOf(root, 'effective');
  const [from, until] = [textEntry(effective, 'from'), textEntry(effective, 'until')];
  if (from === undefined && until === undefined) return '';
  return `In force${from === undefined ? '' : ` from ${code(from)}`}${until === undefined ? '' : ` until ${code(until)}`}.`;
}

function stageLines(root: DocumentNode): string {
  return draftStages(root).map(stageLine).join('\n');
}

function stageLine({ node, after, startsAt, ...minutes }: DraftStage): string {
  const date = startsAt === undefined ? '' : ` (${instantWords(startsAt)} at the earliest)`;
  const time = after === undefined ? '' : ` from ${clockWords(after)}${date}`;
  return `- ${code(textEntry(node, 'name') ?? '?')}${time}: ${hourWords(minutes)}`;
}

function thresholdLines(root: DocumentNode): string {
  return itemsOf(entryOf(root, 'thresholds'))
    .flatMap((node) => {
      const refusals = entryOf(node, 'refusals');
      const [within, advanceTo] = [textEntry(node, 'within'), textEntry(node, 'advanceTo')];
      if (refusals?.kind !== 'scalar' || within === undefined || advanceTo === undefined) return [];
      return [`Whoever is refused ${refusals.value} times within ${code(within)} is at ${code(advanceTo)} at once.`];
    })
    .join('\n\n');
}

function buildLine({ when }: Policy, { reading, now }: FolderSnapshot): string {
  const { sound } = reading;
  const builds = new Matching(sound, now).buildsFor(when);
  const [first, last] = [builds?.[0], builds?.at(-1)];
  if (builds === undefined) return '';
  if (first === undefined || last === undefined) return 'None of the known builds can match today.';
  const known = sound.catalogue.products.reduce((sum, product) => sum + product.builds.length, 0);
  const span = first === last ? buildWords(first) : `from ${buildWords(first)} to ${buildWords(last)}`;
  return `**${builds.length} of ${counted(known, 'known build')}** can match today, ${span}.`;
}

function amongOthers(path: string, findings: readonly Finding[]): string {
  return findings
    .filter(({ code: which }) => AMONG_OTHERS.has(which))
    .filter(({ file, related = [] }) => file === path || related.some((each) => each.file === path))
    .map(({ message }) => `⚠ ${plain(message)}`)
    .join('\n\n');
}
