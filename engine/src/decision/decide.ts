import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Policy, Stage } from '../policy/policy-set.js';
import { positionOf } from '../policy/source.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import type { Action, Decision, NextStage } from './decision.js';
import { clockArrivesAt, elapsedSince, pauseAt, refusalsWithin } from './enforcement-clock.js';
import { windowAt } from './enforcement-window.js';
import { derivedSelectionOf, selectionOf } from './make-selection.js';
import { renderReply } from './render-reply.js';
import type { Selection } from './selection.js';
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
  return decideSelection(compiled, selectionOf(compiled, facts, record, now), record);
}

/** The same as {@link decide}, for facts that hold the derived ones already. */
export function decideDerived(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Decision {
  return decideSelection(compiled, derivedSelectionOf(facts, now), record);
}

function decideSelection(
  compiled: CompiledPolicySet,
  selection: Selection,
  record: ServerRecord | undefined,
): Decision {
  const { connectorName } = selection;
  const who = {
    revision: compiled.policySet.revision,
    ...(connectorName === undefined ? {} : { connector: connectorName }),
    ...(record === undefined ? {} : { server: record.id }),
  };
  const decider = compiled.selector.decider(selection);
  if (decider === undefined) return { action: 'accept', ...who };
  if ('exemption' in decider) return { action: 'accept', exemption: decider.exemption.name, ...who };
  return { ...enforce(compiled, decider.policy, selection, record), ...who };
}

function enforce(
  { settings }: CompiledPolicySet,
  policy: Policy,
  selection: Selection,
  record: ServerRecord | undefined,
): Omit<Decision, 'revision'> {
  const { now } = selection;
  const pauses = record?.pauses ?? [];
  const elapsed = elapsedSince(record?.firstDetected ?? now, policy, pauses, now);
  const index = stageIndex(policy, record, elapsed, now);
  const stage = policy.stages[index] as Stage;
  const pause = pauseAt(pauses, now);
  const next = nextStage(policy, index, elapsed, pauses, now);
  const window = windowAt(stage, serverKey(selection, record), now);
  const reply = (use: 'throttle' | 'block') =>
    renderReply(use === 'throttle' ? stage.throttleReply : stage.blockReply, {
      gatewayName: settings.gatewayName,
      facts: selection.allFacts(),
      policy,
      stage,
      ...(next === undefined ? {} : { next }),
    });
  const due: Action = window === undefined || window.phase === 'open' ? 'accept' : window.phase;
  const outcome = due === 'accept' ? { action: due } : { action: due, reply: reply(due) };
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

function serverKey({ facts, serverName, connectorName }: Selection, record: ServerRecord | undefined): string {
  if (record !== undefined) return record.id;
  const name = serverName ?? facts['client.address']?.text ?? facts.helo ?? 'unknown';
  return serverId(connectorName ?? '', name);
}
