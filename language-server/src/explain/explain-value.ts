import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import { textEntry } from '@sluice/engine/policy/document-node.js';
import { minutesPerHour, parseMinutesPerHour } from '@sluice/engine/policy/hourly-rate.js';
import type { SourceRange } from '@sluice/engine/policy/source.js';
import { parseVersion } from '@sluice/engine/policy/version.js';
import type { Meaning } from '../meaning/meaning.js';
import { partAt, placedReplyParts, versionParts } from '../meaning/scalar-parts.js';
import { keysOf, pathAt } from '../text/node-path.js';
import type { Place } from '../text/positions.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { draftPolicy } from './draft-policy.js';
import { type DraftStage, draftStages } from './draft-stages.js';
import { explainFact } from './explain-fact.js';
import { explainKey } from './explain-key.js';
import { explainNetwork } from './explain-network.js';
import { dayWords, refusalWords } from './explain-rate.js';
import { explainReply, explainReplyPart, type ReplyPlace } from './explain-reply.js';
import { explainDuration, explainInstant } from './explain-time.js';
import { explainRange, explainRangePart, explainVersion, rangeOf } from './explain-versions.js';
import { paragraphs } from './markdown.js';

type Value = Extract<Meaning, { readonly what: 'value' }>;

/** What is said of a place, and of how much of the text it is said. */
export interface Explained {
  readonly text: string;
  readonly range: SourceRange;
}

/** All that a value is explained from. */
interface Setting {
  readonly value: Value;
  readonly place: Place;
  /** Keys and indices that lead to the value. */
  readonly keys: readonly (string | number)[];
  readonly document: PolicyDocument;
  readonly snapshot: FolderSnapshot;
}

/** Explains a value at a place in it; undefined where it says all itself. */
export function explainValue(
  value: Value,
  place: Place,
  document: PolicyDocument,
  snapshot: FolderSnapshot,
): Explained | undefined {
  const path = document.root === undefined ? undefined : pathAt(document.root, place);
  const setting = { value, place, document, snapshot, keys: path === undefined ? [] : keysOf(path) };
  const partly = explainPart(setting);
  if (partly !== undefined) return partly;
  const text = textOf(setting);
  return text === undefined || text === '' ? undefined : { text, range: value.range };
}

/** What has parts of its own: version ranges and replies. */
function explainPart(setting: Setting): Explained | undefined {
  const { value, place, snapshot } = setting;
  const { grammar, node } = value;
  if (grammar === 'version-range') {
    const found = partAt(versionParts(node), place);
    const { catalogue } = snapshot.reading.sound;
    const text = found === undefined ? undefined : explainRangePart(found.part, catalogue, snapshot.now);
    if (found === undefined || text === undefined) return undefined;
    return { text: paragraphs(text, rangeText(setting)), range: found.range };
  }
  if (grammar !== 'throttle-reply' && grammar !== 'block-reply') return undefined;
  const found = partAt(placedReplyParts(node), place);
  const text = found === undefined ? undefined : explainReplyPart(found.part, replyPlace(setting), snapshot);
  return found === undefined || text === undefined ? undefined : { text, range: found.range };
}

function textOf(setting: Setting): string | undefined {
  const { value, keys, snapshot } = setting;
  const { sound } = snapshot.reading;
  const written = String(value.node.value);
  switch (value.grammar) {
    case 'version-range':
      return rangeText(setting);
    case 'version': {
      const version = parseVersion(written);
      return version === undefined ? undefined : explainVersion(version, sound.catalogue, snapshot.now);
    }
    case 'duration':
      return explainDuration(written, keys.at(-1) === 'after' ? startWords(stageOf(setting)) : undefined);
    case 'instant':
      return explainInstant(written, snapshot.now);
    case 'rate':
      return rateText(written, stageOf(setting));
    case 'network':
      return explainNetwork(written, sound.connectors);
    case 'throttle-reply':
    case 'block-reply': {
      const place = replyPlace(setting);
      return place === undefined ? undefined : explainReply(place, snapshot);
    }
    default:
      return wordText(setting);
  }
}

function rangeText({ value, snapshot }: Setting): string | undefined {
  const { catalogue } = snapshot.reading.sound;
  const range = rangeOf(String(value.node.value), catalogue);
  return range === undefined ? undefined : explainRange(range, catalogue);
}

/** Words that the language knows, and numbers, are explained by their keys or facts; free text is not. */
function wordText({ value: { schema, grammar, node, fact }, keys }: Setting): string | undefined {
  if (fact !== undefined) return grammar === 'enum' ? explainFact(fact) : undefined;
  const key = keys.findLast((each) => typeof each === 'string');
  const isWord = grammar === 'enum' || typeof node.value === 'number' || typeof node.value === 'boolean';
  return schema === undefined || key === undefined || !isWord ? undefined : explainKey(key, schema, false);
}

function stageOf({ keys, document: { root } }: Setting): DraftStage | undefined {
  const [list, index] = keys;
  return root === undefined || list !== 'stages' || typeof index !== 'number' ? undefined : draftStages(root)[index];
}

function startWords(stage: DraftStage | undefined): string | undefined {
  if (stage?.startsAt === undefined) return undefined;
  const name = textEntry(stage.node, 'name') ?? 'this stage';
  return `A server that was detected when the policy began is at ${name} from **${instantWords(stage.startsAt)}** on; others later.`;
}

function rateText(written: string, stage: DraftStage | undefined): string | undefined {
  const rate = parseMinutesPerHour(written);
  if (rate === undefined) return undefined;
  if (stage !== undefined) return `**${written}**. ${refusalWords(stage)}`;
  return `**${written}**: ${rate} minutes of every hour, ${dayWords({ throttle: rate, block: minutesPerHour(0) })}`;
}

function replyPlace({ value, keys, document: { root }, snapshot }: Setting): ReplyPlace | undefined {
  const policy = root === undefined ? undefined : draftPolicy(root, snapshot);
  if (policy === undefined) return undefined;
  const [list, index] = keys;
  const stage =
    list === 'stages' && typeof index === 'number' && root !== undefined ? draftStages(root)[index] : undefined;
  const stageName = stage === undefined ? undefined : textEntry(stage.node, 'name');
  return { use: value.grammar === 'block-reply' ? 'block' : 'throttle', policy, stageName };
}
