import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import { textEntry } from '@sluice/engine/policy/document-node.js';
import type { Policy, Stage } from '@sluice/engine/policy/policy-set.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import { type DraftStage, draftStages } from './draft-stages.js';
import { exampleReply, exampleServer, replyLine } from './example-reply.js';
import { refusalWords } from './explain-rate.js';
import { code, codeBlock, paragraphs } from './markdown.js';
import { clockWords } from './words.js';

/**
 * A stage: from which day to which, what is refused in every hour, and the replies that a sender sees.
 *
 * @param root the policy, half-typed as it may be
 * @param policy the policy as it is read, where it can be
 */
export function explainStage(
  name: string,
  root: DocumentNode,
  policy: Policy | undefined,
  snapshot: FolderSnapshot,
): string | undefined {
  const stages = draftStages(root);
  const index = stages.findIndex(({ node }) => textEntry(node, 'name') === name);
  const stage = stages[index];
  if (stage === undefined) return undefined;
  const owner = textEntry(root, 'name');
  return paragraphs(
    `**${name}**, a stage${owner === undefined ? '' : ` of ${code(owner)}`}`,
    whenWords(stage, stages[index + 1]),
    refusalWords(stage),
    policy === undefined ? undefined : repliesOf(policy, name, snapshot),
  );
}

function whenWords({ after, startsAt }: DraftStage, next: DraftStage | undefined): string {
  if (after === undefined) return '';
  const until = next?.after === undefined ? 'on' : `until ${clockWords(next.after)}`;
  const dates = [
    ...(startsAt === undefined ? [] : [`from ${instantWords(startsAt)}`]),
    ...(next?.startsAt === undefined ? [] : [`until ${instantWords(next.startsAt)}`]),
  ].join(' ');
  const earliest = dates === '' ? '' : ` For servers detected when the policy began: ${dates}.`;
  return `On a server's clock from ${clockWords(after)} ${until}.${earliest}`;
}

function repliesOf(policy: Policy, name: string, snapshot: FolderSnapshot): string {
  const stage = policy.stages.find((each) => each.name === name);
  const replies = stage === undefined ? [] : repliesAt(stage, policy, snapshot);
  if (replies.length === 0) return '';
  const intro =
    policy.mode === 'enforce'
      ? 'A sender sees, for example:'
      : `With mode ${policy.mode} no sender sees what it would, for example:`;
  return paragraphs(intro, codeBlock(replies.join('\n'), 'text'));
}

function repliesAt(stage: Stage, policy: Policy, { reading, now }: FolderSnapshot): string[] {
  const { throttle, block, throttleReply, blockReply } = stage;
  const templates = [...(throttle > 0 ? [throttleReply] : []), ...(block > 0 ? [blockReply] : [])];
  const server = exampleServer(reading.sound, policy, now);
  return templates.map((template) => replyLine(exampleReply(template, policy, stage, server, now)));
}
