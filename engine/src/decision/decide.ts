import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Stage } from '../policy/policy-set.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import type { Action, Decision, NextStage } from './decision.js';
import { clockArrivesAt, elapsedSince, pauseAt, refusalsWithin } from './enforcement-clock.js';
import { windowAt } from './enforcement-window.js';
import { derivedSelectionOf, selectionOf } from './make-selection.js';
import type { PolicyEnforcement } from './policy-enforcement.js';
import { type Decider, ruleOf } from './policy-selector.js';
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
  const selection = selectionOf(compiled, facts, record, now);
  return decisionOf(compiled, compiled.selector.find(selection), selection, record);
}

/** The same as {@link decide}, for facts that hold the derived ones already. */
export function decideDerived(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Decision {
  const selection = derivedSelectionOf(facts, now);
  return decisionOf(compiled, compiled.selector.find(selection), selection, record);
}

/** The decision where it is found already what decides: the index of a decider, -1 for none. */
export function decisionOf(
  { selector, enforcements, policySet: { revision } }: CompiledPolicySet,
  index: number,
  selection: Selection,
  record: ServerRecord | undefined,
): Decision {
  if (index < 0) return accept(selection, record, revision);
  const enforcement = enforcements.at(index);
  if (enforcement !== undefined) return enforce(enforcement, selection, record, revision);
  const exemption = ruleOf(selector.deciders[index] as Decider).name;
  return { ...accept(selection, record, revision), exemption };
}

function accept({ connectorName }: Selection, record: ServerRecord | undefined, revision: string): Decision {
  return { action: 'accept', connector: connectorName, server: record?.id, revision };
}

/** All keys are there from the start, absent values too: to add them one by one takes several times as long. */
function enforce(
  enforcement: PolicyEnforcement,
  selection: Selection,
  record: ServerRecord | undefined,
  revision: string,
): Decision {
  const { name, mode, stages, source } = enforcement;
  const { now } = selection;
  const pauses = record?.pauses ?? NO_PAUSES;
  const elapsed = elapsedSince(record?.firstDetected ?? now, enforcement, pauses, now);
  const index = stageIndex(enforcement, record, elapsed, now);
  const stage = stages[index] as Stage;
  const next = nextStage(stages, index, elapsed, pauses, now);
  const window = windowAt(stage, serverKey(selection, record), now);
  const isPaused = pauseAt(pauses, now) !== undefined;
  const isReported = mode === 'report' && !isPaused;
  const due: Action = window === undefined || window.phase === 'open' ? 'accept' : window.phase;
  const reply = due === 'accept' || isPaused ? undefined : enforcement.reply(due, index, next, selection);
  return {
    action: isPaused || isReported ? 'accept' : due,
    reply: isReported ? undefined : reply,
    policy: name,
    stage: stage.name,
    mode,
    wouldBe: isReported ? { action: due, ...(reply === undefined ? {} : { reply }) } : undefined,
    paused: isPaused ? true : undefined,
    connector: selection.connectorName,
    server: record?.id,
    elapsed,
    window,
    next,
    source,
    revision,
  };
}

const NO_PAUSES: readonly Pause[] = [];

/** The last stage whose time has come, or a later one that a threshold asks for. */
function stageIndex(
  enforcement: PolicyEnforcement,
  record: ServerRecord | undefined,
  elapsed: number,
  now: EpochMillis,
): number {
  let index = enforcement.stageAt(elapsed);
  for (const { advanceTo, within, refusals } of enforcement.thresholds) {
    if (advanceTo > index && refusalsWithin(record, within, now) >= refusals) index = advanceTo;
  }
  return index;
}

function nextStage(
  stages: readonly Stage[],
  index: number,
  elapsed: number,
  pauses: readonly Pause[],
  now: EpochMillis,
): NextStage | undefined {
  const next = stages[index + 1];
  if (next === undefined) return undefined;
  const wait = durationMillis(Math.max(0, next.after - elapsed));
  return { stage: next.name, at: clockArrivesAt(wait, pauses, now) };
}

function serverKey({ facts, serverName, connectorName }: Selection, record: ServerRecord | undefined): string {
  if (record !== undefined) return record.id;
  const name = serverName ?? facts['client.address']?.text ?? facts.helo ?? 'unknown';
  return serverId(connectorName ?? '', name);
}
