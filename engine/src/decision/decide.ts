import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Policy, Stage } from '../policy/policy-set.js';
import { positionOf } from '../policy/source.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import type { Action, Decision, NextStage, SmtpReply } from './decision.js';
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
  const decider = compiled.selector.decider(selection);
  if (decider !== undefined && 'policy' in decider) return enforce(compiled, decider.policy, selection, record);
  const { connectorName: connector } = selection;
  const decision: Decision = {
    action: 'accept',
    connector,
    server: record?.id,
    revision: compiled.policySet.revision,
  };
  return decider === undefined ? decision : { ...decision, exemption: decider.exemption.name };
}

/** All keys are there from the start, absent values too: to add them one by one takes several times as long. */
function enforce(
  { settings, policySet }: CompiledPolicySet,
  policy: Policy,
  selection: Selection,
  record: ServerRecord | undefined,
): Decision {
  const { now, connectorName: connector } = selection;
  const pauses = record?.pauses ?? NO_PAUSES;
  const elapsed = elapsedSince(record?.firstDetected ?? now, policy, pauses, now);
  const index = stageIndex(policy, record, elapsed, now);
  const stage = policy.stages[index] as Stage;
  const next = nextStage(policy, index, elapsed, pauses, now);
  const window = windowAt(stage, serverKey(selection, record), now);
  const isPaused = pauseAt(pauses, now) !== undefined;
  const isReported = policy.mode === 'report' && !isPaused;
  const due: Action = window === undefined || window.phase === 'open' ? 'accept' : window.phase;
  const reply =
    due === 'accept' || isPaused ? undefined : replyOf(due, settings.gatewayName, policy, stage, next, selection);
  return {
    action: isPaused || isReported ? 'accept' : due,
    reply: isReported ? undefined : reply,
    policy: policy.name,
    stage: stage.name,
    mode: policy.mode,
    wouldBe: isReported ? { action: due, ...(reply === undefined ? {} : { reply }) } : undefined,
    paused: isPaused ? true : undefined,
    connector,
    server: record?.id,
    elapsed,
    window,
    next,
    source: positionOf(policy.source),
    revision: policySet.revision,
  };
}

function replyOf(
  action: 'throttle' | 'block',
  gatewayName: string,
  policy: Policy,
  stage: Stage,
  next: NextStage | undefined,
  selection: Selection,
): SmtpReply {
  return renderReply(action === 'throttle' ? stage.throttleReply : stage.blockReply, {
    gatewayName,
    allFacts: () => selection.allFacts(),
    policy,
    stage,
    ...(next === undefined ? {} : { next }),
  });
}

const NO_PAUSES: readonly Pause[] = [];

/** The last stage whose time has come, or a later one that a threshold asks for. */
function stageIndex(policy: Policy, record: ServerRecord | undefined, elapsed: number, now: EpochMillis): number {
  let index = policy.stages.length - 1;
  while (index > 0 && (policy.stages[index] as Stage).after > elapsed) index--;
  for (const { advanceTo, within, refusals } of policy.thresholds) {
    if (advanceTo > index && refusalsWithin(record, within, now) >= refusals) index = advanceTo;
  }
  return index;
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
