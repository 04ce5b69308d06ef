import { formatInstant } from '@sluice/engine/policy/instant.js';
import type { Exemption, Policy, Stage } from '@sluice/engine/policy/policy-set.js';
import { exampleReply, exampleServer, replyLine } from '../explain/example-reply.js';
import type { PolicyTimeline, Timeline, TimelineExemption, TimelineStage } from '../protocol.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { locationOf } from './locate.js';

const DAY_MILLIS = 86_400_000;

/** What the policies of a set do as time passes; as far as they are sound. */
export function timelineOf(context: DocumentInSet): Timeline {
  const { snapshot } = context;
  const { policies, exemptions } = snapshot.reading.sound;
  return {
    now: formatInstant(snapshot.now),
    policies: policies.map((policy) => timelineOfPolicy(context, policy)),
    exemptions: exemptions.map((exemption) => timelineOfExemption(context, exemption)),
  };
}

function timelineOfPolicy(context: DocumentInSet, policy: Policy): PolicyTimeline {
  const { name, description, mode, effective, stages, source } = policy;
  return {
    name,
    mode,
    stages: stages.map((stage, index) => timelineOfStage(context, policy, stage, stages[index + 1])),
    location: locationOf(context.folder, source),
    ...(description === undefined ? {} : { description }),
    ...(effective.from === undefined ? {} : { effectiveFrom: formatInstant(effective.from) }),
    ...(effective.until === undefined ? {} : { effectiveUntil: formatInstant(effective.until) }),
  };
}

function timelineOfStage(
  { folder, snapshot }: DocumentInSet,
  policy: Policy,
  stage: Stage,
  next: Stage | undefined,
): TimelineStage {
  const { name, after, throttle, block, throttleReply, blockReply, source } = stage;
  const server = exampleServer(snapshot.reading.sound, policy, snapshot.now);
  const replyOf = (template: typeof throttleReply) =>
    replyLine(exampleReply(template, policy, stage, server, snapshot.now));
  return {
    name,
    fromDay: after / DAY_MILLIS,
    throttleMinutes: throttle,
    blockMinutes: block,
    location: locationOf(folder, source),
    ...(next === undefined ? {} : { untilDay: next.after / DAY_MILLIS }),
    ...(throttle > 0 ? { throttleReply: replyOf(throttleReply) } : {}),
    ...(block > 0 ? { blockReply: replyOf(blockReply) } : {}),
  };
}

function timelineOfExemption({ folder, snapshot }: DocumentInSet, exemption: Exemption): TimelineExemption {
  const { name, reason, grantedBy, from, until, source } = exemption;
  return {
    name,
    reason,
    grantedBy,
    until: formatInstant(until),
    hasEnded: until <= snapshot.now,
    location: locationOf(folder, source),
    ...(from === undefined ? {} : { from: formatInstant(from) }),
  };
}
