import type { SmtpReply } from '@sluice/engine/decision/decision.js';
import { renderReply } from '@sluice/engine/decision/render-reply.js';
import { durationMillis } from '@sluice/engine/policy/duration.js';
import type { Facts } from '@sluice/engine/policy/fact.js';
import { type EpochMillis, epochMillis } from '@sluice/engine/policy/instant.js';
import type { Policy, PolicySet, Stage } from '@sluice/engine/policy/policy-set.js';
import type { ReplyTemplate } from '@sluice/engine/policy/reply-template.js';
import { Matching } from './matching.js';

/** Names that stand for those of real hosts (RFC 2606). */
const GATEWAY_NAME = 'mx.example.org';
const SERVER_NAME = 'mail.example.net';

/** A server that a policy can match, for showing what it would be told. */
export function exampleServer(policySet: PolicySet, { when }: Policy, now: EpochMillis): Facts {
  return { ...new Matching(policySet, now).exampleFor(when), 'server.name': SERVER_NAME };
}

/** A reply as a server reads it that comes to the stage now. */
export function exampleReply(
  template: ReplyTemplate,
  policy: Policy,
  stage: Stage,
  server: Facts,
  now: EpochMillis,
): SmtpReply {
  const following = policy.stages[policy.stages.indexOf(stage) + 1];
  const wait = durationMillis(Math.max(0, (following?.after ?? 0) - stage.after));
  const next = following === undefined ? undefined : { stage: following.name, at: epochMillis(now + wait) };
  return renderReply(template, {
    gatewayName: GATEWAY_NAME,
    allFacts: () => server,
    policy,
    stage,
    ...(next === undefined ? {} : { next }),
  });
}

/** The line of a reply. */
export function replyLine({ code, status, text }: SmtpReply): string {
  return `${code} ${status} ${text}`;
}

/** The stage at which a server first gets the reply; the last one where none does. */
export function stageTelling(policy: Policy, use: 'throttle' | 'block'): Stage | undefined {
  return policy.stages.find((stage) => stage[use] > 0) ?? policy.stages.at(-1);
}
