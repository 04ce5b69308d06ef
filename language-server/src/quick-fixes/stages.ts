import {
  type DocumentNode,
  entryOf,
  itemsOf,
  type ListNode,
  textEntry,
  textOf,
} from '@sluice/engine/policy/document-node.js';
import { durationMillis, formatDuration, parseDuration } from '@sluice/engine/policy/duration.js';
import { parseMinutesPerHour } from '@sluice/engine/policy/hourly-rate.js';
import { type ReplyUse, withMinutesFilledIn } from '@sluice/engine/policy/reply-template.js';
import { rewriteScalar } from '@sluice/engine/policy/rewrite-scalar.js';
import { insertItem, removeItem, reorderItems } from '../edits/list-edits.js';
import { replacing, type TextChange } from '../edits/text-change.js';
import { uniqueName } from '../edits/unique-name.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { itemUnder } from './places.js';
import { proposed, type QuickFix } from './quick-fix.js';

/** Time between stages that are made up, in milliseconds. */
const MONTH = 30 * 86_400_000;

/** Puts a stage that refuses nothing before the first one. */
export const insertFirstStage: QuickFix = ({ document, path }) => {
  const list = itemUnder(path, 'stages')?.list;
  if (list === undefined) return undefined;
  const name = uniqueName('report', stageNames(list));
  return proposed(`Insert the stage ${name} at 0d`, insertItem(document, list, 0, { name, after: '0d' }), true);
};

/** Lets the first stage begin at once. */
export const startAtOnce: QuickFix = ({ document, path }) => {
  const after = entryOf(itemUnder(path, 'stages')?.item, 'after');
  const fix = after === undefined ? undefined : rewriteScalar(after, '0d');
  return fix === undefined
    ? undefined
    : proposed('Let the stage begin at 0d', replacing(document, fix.range, fix.text));
};

/** Puts all stages in the order of time. */
export const orderStages: QuickFix = ({ document, path }) => {
  const list = itemUnder(path, 'stages')?.list;
  if (list === undefined) return undefined;
  const afters = list.items.map((stage) => parseDuration(textEntry(stage, 'after') ?? ''));
  if (afters.some((after) => after === undefined)) return undefined;
  const order = [...afters.keys()].sort((a, b) => (afters[a] ?? 0) - (afters[b] ?? 0) || a - b);
  const changes = reorderItems(document, list, order);
  return changes === undefined || changes.length === 0
    ? undefined
    : { title: 'Put the stages in the order of time', isPreferred: true, changes };
};

/** Takes out a stage that is never in force, unless a threshold leads to it. */
export const removeStage: QuickFix = ({ document, path }) => {
  const place = itemUnder(path, 'stages');
  const name = textEntry(place?.item, 'name') ?? '';
  const isWanted = itemsOf(entryOf(document.root, 'thresholds')).some((each) => textEntry(each, 'advanceTo') === name);
  if (place === undefined || isWanted) return undefined;
  return proposed(`Remove the stage ${name}`, removeItem(document, place.list, place.index));
};

/** Adds a stage that blocks, 30 days after the last one. */
export const addBlockingStage: QuickFix = ({ document, path }) => {
  const list = itemUnder(path, 'stages')?.list;
  const last = parseDuration(textEntry(list?.items.at(-1), 'after') ?? '');
  if (list === undefined || last === undefined) return undefined;
  const name = uniqueName('blocked', stageNames(list));
  const after = formatDuration(durationMillis(last + MONTH));
  const change = insertItem(document, list, list.items.length, { name, after, block: 'always' });
  return proposed(`Add the stage ${name} after ${after}`, change);
};

/** Writes the placeholder for the minutes in replies that say other ones than the stage has. */
export const fillInMinutes: QuickFix = ({ document, path }) => {
  const stage = itemUnder(path, 'stages')?.item;
  if (stage === undefined) return undefined;
  const changes = (['throttle', 'block'] as const).flatMap((use) => minutesChange(document, stage, use));
  return changes.length === 0
    ? undefined
    : { title: 'Write the minutes of the stage into the reply', isPreferred: true, changes };
};

function minutesChange(document: PolicyDocument, stage: DocumentNode, use: ReplyUse): TextChange[] {
  const minutes = parseMinutesPerHour(textEntry(stage, use) ?? '') ?? 0;
  const reply = entryOf(entryOf(stage, 'replies'), use) ?? entryOf(entryOf(document.root, 'replies'), use);
  const text = textOf(reply);
  if (minutes === 0 || reply === undefined || text === undefined) return [];
  const filledIn = withMinutesFilledIn(text, use, minutes);
  const fix = filledIn === text ? undefined : rewriteScalar(reply, filledIn);
  return fix === undefined ? [] : [replacing(document, fix.range, fix.text)];
}

function stageNames(list: ListNode): string[] {
  return list.items.flatMap((stage) => textEntry(stage, 'name') ?? []);
}
