import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import { type DocumentNode, entryOf, textEntry } from '@sluice/engine/policy/document-node.js';
import type { InlayHint, Range } from 'vscode-languageserver';
import { type DraftStage, draftStages } from '../explain/draft-stages.js';
import { shortDayWords } from '../explain/explain-rate.js';
import { buildCounts, rangeOf } from '../explain/explain-versions.js';
import { counted } from '../explain/words.js';
import type { Meaning } from '../meaning/meaning.js';
import { meaningsIn } from '../meaning/meanings-in.js';
import { comparePlaces, toLspPosition, toPlace } from '../text/positions.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** What follows from the text but does not stand in it: dates and minutes of stages, builds of version ranges. */
export function inlayHints({ document, snapshot }: DocumentInSet, range: Range): InlayHint[] {
  const [start, end] = [toPlace(range.start), toPlace(range.end)];
  const isAsked = ({ range: at }: Pick<DocumentNode, 'range'>) =>
    comparePlaces(start, at.end) <= 0 && comparePlaces(at.end, end) <= 0;
  const { root, kind } = document;
  const stages = root === undefined || kind !== 'policy' ? [] : draftStages(root);
  const ranges = meaningsIn(document).filter((each) => isAsked(each));
  return [
    ...stages.flatMap((stage) => stageHints(stage, isAsked)),
    ...ranges.flatMap((each) => rangeHint(each, snapshot) ?? []),
  ];
}

function stageHints(stage: DraftStage, isAsked: (node: DocumentNode) => boolean): InlayHint[] {
  const { node, startsAt, throttle, block } = stage;
  const after = entryOf(node, 'after');
  const rates = [entryOf(node, 'throttle'), entryOf(node, 'block')].filter((each) => each !== undefined);
  const lastRate = rates.sort((a, b) => comparePlaces(a.range.end, b.range.end)).at(-1);
  const hints: InlayHint[] = [];
  if (after !== undefined && startsAt !== undefined && isAsked(after)) {
    const name = textEntry(node, 'name') ?? 'this stage';
    const tooltip = `A server that was detected when the policy began is at ${name} from this day on; others later.`;
    hints.push(hintBehind(after, instantWords(startsAt), tooltip));
  }
  if (lastRate !== undefined && throttle + block > 0 && isAsked(lastRate)) {
    const tooltip = 'So long connections are refused, 450 and 550 together.';
    hints.push(hintBehind(lastRate, shortDayWords(stage), tooltip));
  }
  return hints;
}

function rangeHint(meaning: Meaning, { reading }: FolderSnapshot): InlayHint | undefined {
  if (meaning.what !== 'value' || meaning.grammar !== 'version-range') return undefined;
  const { catalogue } = reading.sound;
  const range = rangeOf(String(meaning.node.value), catalogue);
  if (range === undefined) return undefined;
  const { held, known } = buildCounts(range, catalogue);
  const tooltip = `Of ${counted(known, 'known build')} the range holds ${held}.`;
  return known === 0 ? undefined : hintBehind(meaning.node, counted(held, 'build'), tooltip);
}

function hintBehind({ range }: DocumentNode, label: string, tooltip: string): InlayHint {
  return { position: toLspPosition(range.end), label, tooltip, paddingLeft: true };
}
