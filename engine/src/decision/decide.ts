import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Policy, Stage } from '../policy/policy-set.js';
import { positionOf } from '../policy/source.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import type { Action, Decision, NextStage } from './decision.js';
import { deriveFacts } from './derive-facts.js';
import { clockArrivesAt, elapsedSince, pauseAt, refusalsWithin } from './enforcement-clock.js';
import { windowAt } from './enforcement-window.js';
import { renderReply } from './render-reply.js';
import { type Pause, type ServerRecord, serverId } from './server-record.js';

/**
 * Decides for one connection. Pure: the same arguments always give the same decision.
 *
 * @param facts what is known of the connection; derived facts may be left out
 * @param record what is remembered of the sending server; without one, it is taken as first detected now
 */
export function decide(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Decision {
  return decideDerived(compiled, deriveFacts(compiled, facts, record, now), record, now);
}

/** The same as {@link decide}, for facts that hold the derived ones already. */
export function decideDerived(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Decision {
  const { selector, policySet } = compiled;
  const connector = facts['connector.name'];
  const who = {
    revision: policySet.revision,
    ...(connector === undefined ? {} : { connector }),
    ...(record === undefined ? {} : { server: record.id }),
  };
  const exemption = selector.exemption(facts, now);
  if (exemption !== undefined) return { action: 'accept', exemption: exemption.name, ...who };
  const policy = selector.policy(facts, now);
  if (policy === undefined) return { action: 'accept', ...who };
  return { ...enforce(compiled, policy, facts, record, now), ...who };
}

function enforce(
  { settings }: CompiledPolicySet,
  policy: Policy,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Omit<Decision, 'revision'> {
  const pauses = record?.pauses ?? [];
  const elapsed = elapsedSince(record?.firstDetected ?? now, policy, pauses, now);
  const index = stageIndex(policy, record, elapsed, now);
  const stage = policy.stages[index] as Stage;
  const pause = pauseAt(pauses, now);
  const next = nextStage(policy, index, elapsed, pauses, now);
  const window = windowAt(stage, serverKey(facts, record), now);
  const due: Action = window === undefined || window.phase === 'open' ? 'accept' : window.phase;
  const values = { gatewayName: settings.gatewayName, facts, policy, stage, ...(next === undefined ? {} : { next }) };
  const template = due === 'throttle' ? stage.throttleReply : stage.blockReply;
  const outcome = due === 'accept' ? { action: due } : { action: due, reply: renderReply(template, values) };
  return {
    ...(pause !== undefined || policy.mode === 'report' ? { action: 'accept' } : outcome),
    policy: policy.name,
    stage: stage.name,
    mode: policy.mode,
    ...(policy.mode === 'report' && pause === undefined ? { wouldBe: outcome } : {}),
    ...(pause === undefined ? {} : { paused: true }),
    elapsed,
    ...(window === undefined ? {} : { window }),
    ...(next === undefined ? {} : { next }),
    source: positionOf(policy.source),
  };
}

/** The last stage whose time has come, or a later one that a threshold asks for. */
function stageIndex(policy: Policy, record: ServerRecord | undefined, elapsed: number, now: EpochMillis): number {
  const byTime = policy.stages.findLastIndex((stage) => stage.after <= elapsed);
  const byThresholds = policy.thresholds
    .filter((threshold) => refusalsWithin(record, threshold.within, now) >= threshold.refusals)
    .map((threshold) => threshold.advanceTo);
  return Math.max(0, byTime, ...byThresholds);
}

function nextStage(
  policy: Policy,
  index: number,
  elapsed: number,
  pauses: readonly Pause[],
  now: EpochMillis,
): NextStage | undefined {
  const next = policy.stages[index + 1];
  if (next === undefined) return undefined;
  const wait = durationMillis(Math.max(0, next.after - elapsed));
  return { stage: next.name, at: clockArrivesAt(wait, pauses, now) };
}

function serverKey(facts: Facts, record: ServerRecord | undefined): string {
  if (record !== undefined) return record.id;
  const name = facts['server.name'] ?? facts['client.address']?.text ?? facts.helo ?? 'unknown';
  return serverId(facts['connector.name'] ?? '', name);
}
