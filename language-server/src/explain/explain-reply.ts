import type { Policy, Stage } from '@sluice/engine/policy/policy-set.js';
import { REPLY_PLACEHOLDERS, type ReplyTemplate } from '@sluice/engine/policy/reply-template.js';
import { isReplyPlaceholder, type ReplyPart } from '../meaning/reply-parts.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import { exampleReply, exampleServer, replyLine, stageTelling } from './example-reply.js';
import { code, codeBlock, paragraphs } from './markdown.js';

/** Where a reply is given: in a policy that can be read, for a stage of it or for all. */
export interface ReplyPlace {
  readonly use: 'throttle' | 'block';
  readonly policy: Policy;
  readonly stageName?: string | undefined;
}

/** A reply as a sender sees it. */
export function explainReply(place: ReplyPlace, snapshot: FolderSnapshot): string | undefined {
  const stage = stageOf(place);
  if (stage === undefined) return undefined;
  const template = place.use === 'throttle' ? stage.throttleReply : stage.blockReply;
  return paragraphs(
    `At the stage ${code(stage.name)} a sender sees, for example:`,
    codeBlock(replyLine(rendered(template, stage, place, snapshot)), 'text'),
  );
}

/** A part of a reply: what its codes mean, or what a placeholder stands for. */
export function explainReplyPart(
  { kind, text }: ReplyPart,
  place: ReplyPlace | undefined,
  snapshot: FolderSnapshot,
): string | undefined {
  if (kind === 'code') return codeWords(text);
  if (kind === 'status') return statusWords(text);
  if (!isReplyPlaceholder(text)) return undefined;
  const stage = place === undefined ? undefined : stageOf(place);
  const meaning = `**{${text}}**: ${REPLY_PLACEHOLDERS[text]}`;
  if (place === undefined || stage === undefined) return meaning;
  const { text: example } = rendered({ code: 450, status: '', parts: [{ placeholder: text }] }, stage, place, snapshot);
  return paragraphs(meaning, `At the stage ${code(stage.name)}, for example: ${code(example)}`);
}

function rendered(template: ReplyTemplate, stage: Stage, { policy }: ReplyPlace, { reading, now }: FolderSnapshot) {
  return exampleReply(template, policy, stage, exampleServer(reading.sound, policy, now), now);
}

function stageOf({ policy, stageName, use }: ReplyPlace): Stage | undefined {
  return policy.stages.find(({ name }) => name === stageName) ?? stageTelling(policy, use);
}

function codeWords(text: string): string {
  return text.startsWith('4')
    ? `**${text}**: not now. The sender keeps the mail and tries again (RFC 5321 §4.2.1).`
    : `**${text}**: no. The sender gives up and tells the author of the mail (RFC 5321 §4.2.1).`;
}

/** Subjects of enhanced status codes (RFC 3463 §3). */
const SUBJECTS = [
  'other or undefined',
  'addressing',
  'mailbox',
  'mail system',
  'network and routing',
  'mail delivery protocol',
  'message content or media',
  'security or policy',
];

function statusWords(text: string): string {
  const [klass, subject] = text.split('.');
  const lasting = klass === '4' ? 'a failure that may pass' : klass === '5' ? 'a failure that lasts' : 'no failure';
  const about = SUBJECTS[Number(subject)];
  return `**${text}**, an enhanced status code (RFC 3463): ${lasting}${about === undefined ? '' : `; subject: ${about}`}.`;
}
