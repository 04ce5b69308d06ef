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

type MutableDecision = { -readonly [K in keyof Decision]: Decision[K] };

/** Fills one object in, rather than putting parts together: this is the path of every connection. */
function decideSelection(
  compiled: CompiledPolicySet,
  selection: Selection,
  record: ServerRecord | undefined,
): Decision {
  const decision: MutableDecision = { action: 'accept', revision: compiled.policySet.revision };
  if (selection.connectorName !== undefined) decision.connector = selection.connectorName;
  if (record !== undefined) decision.server = record.id;
  const decider = compiled.selector.decider(selection);
  if (decider === undefined) return decision;
  if ('exemption' in decider) decision.exemption = decider.exemption.name;
  else enforce(compiled, decider.policy, selection, record, decision);
  return decision;
}

function enforce(
  { settings }: CompiledPolicySet,
  policy: Policy,
  selection: Selection,
  record: ServerRecord | undefined,
  decision: MutableDecision,
): void {
  const { now } = selection;
  const pauses = record?.pauses ?? NO_PAUSES;
  const elapsed = elapsedSince(record?.firstDetected ?? now, policy, pauses, now);
  const index = stageIndex(policy, record, elapsed, now);
  const stage = policy.stages[index] as Stage;
  const next = nextStage(policy, index, elapsed, pauses, now);
  const window = windowAt(stage, serverKey(selection, record), now);
  decision.policy = policy.name;
  decision.stage = stage.name;
  decision.mode = policy.mode;
  decision.elapsed = elapsed;
  if (window !== undefined) decision.window = window;
  if (next !== undefined) decision.next = next;
  decision.source = positionOf(policy.source);
  if (pauseAt(pauses, now) !== undefined) {
    decision.paused = true;
    return;
  }
  const action: Action = window === undefined || window.phase === 'open' ? 'accept' : window.phase;
  if (action === 'accept') {
    if (policy.mode === 'report') decision.wouldBe = { action };
    return;
  }
  const reply = renderReply(action === 'throttle' ? stage.throttleReply : stage.blockReply, {
    gatewayName: settings.gatewayName,
    facts: selection.allFacts(),
    policy,
    stage,
    ...(next === undefined ? {} : { next }),
  });
  if (policy.mode === 'report') decision.wouldBe = { action, reply };
  else {
    decision.action = action;
    decision.reply = reply;
  }
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
