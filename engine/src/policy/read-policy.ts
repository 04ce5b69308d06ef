import { didYouMean, nearestWord } from './did-you-mean.js';
import { type DocumentNode, entryOf, itemsOf, numberOf, textEntry, textOf } from './document-node.js';
import { durationMillis, formatDuration } from './duration.js';
import { fixed, relatedTo } from './finding.js';
import { POLICY_MODES, type Policy, type PolicyMode, type Relapse, type Stage, type Threshold } from './policy-set.js';
import { type ConditionContext, readRootCondition } from './read-condition.js';
import { durationEntry, instantEntry, rateEntry } from './read-scalar.js';
import { DEFAULT_REPLIES, parseReplyTemplate, type ReplyTemplate } from './reply-template.js';
import type { Report } from './report.js';
import { rewriteScalar } from './rewrite-scalar.js';
import { spanOf } from './source.js';

const HOUR_MILLIS = 3_600_000;

/** Reads a `*.policy.yaml`; undefined where too much of it is wrong, which is then reported. */
export function readPolicy(root: DocumentNode, context: ConditionContext): Policy | undefined {
  const { report } = context;
  const name = textEntry(root, 'name');
  const mode = textEntry(root, 'mode') as PolicyMode | undefined;
  const priority = numberOf(entryOf(root, 'priority'));
  const when = readRootCondition(entryOf(root, 'when'), context);
  const effective = readEffective(entryOf(root, 'effective'), report);
  const stages = readStages(root, report);
  const stageNames = itemsOf(entryOf(root, 'stages')).flatMap((node) => textEntry(node, 'name') ?? []);
  const thresholds = readThresholds(entryOf(root, 'thresholds'), stages, stageNames, report);
  const relapse = readRelapse(root, report);
  const description = textEntry(root, 'description');
  const owner = textEntry(root, 'owner');
  const help = textEntry(root, 'help');
  if (name === undefined || mode === undefined || !POLICY_MODES.includes(mode)) return undefined;
  if (priority === undefined || when === undefined || stages.length === 0) return undefined;
  return {
    name,
    mode,
    priority,
    effective,
    when,
    stages,
    thresholds,
    relapse,
    source: spanOf(root),
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(help === undefined ? {} : { help }),
  };
}

function readEffective(node: DocumentNode | undefined, report: Report): Policy['effective'] {
  if (node === undefined) return {};
  const from = instantEntry(node, 'from', report);
  const until = instantEntry(node, 'until', report);
  if (from !== undefined && until !== undefined && until <= from) {
    report.add(
      'interval-empty',
      entryOf(node, 'until') ?? node,
      'The policy ends before it begins.',
      'Move until behind from.',
    );
  }
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function readStages(root: DocumentNode, report: Report): Stage[] {
  const common = readReplies(entryOf(root, 'replies'), report);
  const nodes = itemsOf(entryOf(root, 'stages'));
  const stages: Stage[] = [];
  const byName = new Map<string, Stage>();
  for (const [index, node] of nodes.entries()) {
    const stage = readStage(node, common, report);
    if (stage === undefined) continue;
    const before = stages.at(-1);
    const afterNode = entryOf(node, 'after') ?? node;
    if (before !== undefined && stage.after < before.after) {
      const message = `The stage ${stage.name} begins before ${before.name}, which stands above it.`;
      const related = relatedTo(before.source, `The stage ${before.name}.`);
      report.add('stage-order', afterNode, message, 'Put the stages in the order of time.', related);
    }
    if (index === 0 && stage.after > 0) {
      const message = `The first stage begins after ${formatDuration(stage.after)}; until then there would be no stage.`;
      report.add('stage-first', afterNode, message, FIRST_STAGE_HINT);
    }
    const namesake = byName.get(stage.name);
    if (namesake !== undefined) {
      const message = `Two stages are named ${stage.name}.`;
      const at = entryOf(node, 'name') ?? node;
      const related = relatedTo(namesake.source, `The other stage named ${stage.name}.`);
      report.add('name-duplicate', at, message, 'Give each a name of its own.', related);
    }
    byName.set(stage.name, namesake ?? stage);
    stages.push(stage);
  }
  return stages;
}

const FIRST_STAGE_HINT = 'Put a stage with after: 0d before it, which may refuse nothing.';

function readStage(node: DocumentNode, common: Replies, report: Report): Stage | undefined {
  const name = textEntry(node, 'name');
  const after = durationEntry(node, 'after', report);
  const throttle = rateEntry(node, 'throttle', report);
  const block = rateEntry(node, 'block', report);
  if (throttle + block > 60) {
    const message = `throttle and block are ${throttle + block} minutes together; an hour has 60.`;
    const blockNode = entryOf(node, 'block') ?? node;
    const rest = `${60 - throttle}m/h`;
    report.add('window-too-long', blockNode, message, `Block at most ${rest}.`, fixed(rewriteScalar(blockNode, rest)));
  }
  const own = readReplies(entryOf(node, 'replies'), report);
  if (name === undefined || after === undefined) return undefined;
  return {
    name,
    after,
    throttle,
    block,
    throttleReply: own.throttle ?? common.throttle ?? DEFAULT_TEMPLATES.throttle,
    blockReply: own.block ?? common.block ?? DEFAULT_TEMPLATES.block,
    source: spanOf(node),
  };
}

interface Replies {
  readonly throttle?: ReplyTemplate;
  readonly block?: ReplyTemplate;
}

const DEFAULT_TEMPLATES = { throttle: defaultTemplate('throttle'), block: defaultTemplate('block') };

function defaultTemplate(use: 'throttle' | 'block'): ReplyTemplate {
  const { template } = parseReplyTemplate(DEFAULT_REPLIES[use], use);
  if (template === undefined) throw new Error(`The default reply to ${use} is wrong.`);
  return template;
}

function readReplies(node: DocumentNode | undefined, report: Report): Replies {
  const throttle = readReply(entryOf(node, 'throttle'), 'throttle', report);
  const block = readReply(entryOf(node, 'block'), 'block', report);
  return { ...(throttle === undefined ? {} : { throttle }), ...(block === undefined ? {} : { block }) };
}

function readReply(
  node: DocumentNode | undefined,
  use: 'throttle' | 'block',
  report: Report,
): ReplyTemplate | undefined {
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const { template, problems } = parseReplyTemplate(text, use);
  for (const problem of problems) report.addAt(node, problem);
  return template;
}

function readThresholds(
  node: DocumentNode | undefined,
  stages: readonly Stage[],
  stageNames: readonly string[],
  report: Report,
): Threshold[] {
  return itemsOf(node).flatMap((item) => {
    const refusals = numberOf(entryOf(item, 'refusals'));
    const within = durationEntry(item, 'within', report);
    const stageNode = entryOf(item, 'advanceTo');
    const stageName = textOf(stageNode);
    const advanceTo = stages.findIndex((stage) => stage.name === stageName);
    if (stageNode !== undefined && stageName !== undefined && !stageNames.includes(stageName)) {
      report.addAt(stageNode, {
        code: 'stage-unknown',
        message: `There is no stage ${stageName} in this policy.`,
        hint: didYouMean(stageName, stageNames),
        replacement: nearestWord(stageName, stageNames),
      });
    }
    const withinNode = entryOf(item, 'within') ?? item;
    if (within !== undefined && (within > 24 * HOUR_MILLIS || within < HOUR_MILLIS || within % HOUR_MILLIS !== 0)) {
      const message = 'Refusals are counted by the hour, for a day: whole hours from 1h to 24h were expected.';
      const hours = Math.min(24, Math.max(1, Math.round(within / HOUR_MILLIS)));
      report.addAt(withinNode, { code: 'value-out-of-range', message, replacement: `${hours}h` });
    }
    return refusals === undefined || within === undefined || advanceTo < 0 ? [] : [{ refusals, within, advanceTo }];
  });
}

function readRelapse(root: DocumentNode, report: Report): Relapse {
  const resume = entryOf(entryOf(entryOf(root, 'remediation'), 'relapse'), 'resume');
  if (resume === undefined) return { kind: 'restart' };
  return { kind: 'resume', within: durationEntry(resume, 'within', report) ?? durationMillis(0) };
}
