import { type DurationMillis, durationMillis } from '../../policy/duration.js';
import type { Policy, PolicySet, Stage } from '../../policy/policy-set.js';

/** What a server has behind it under a policy: time on its clock, and refusals in the last hour. */
export interface ServerHistory {
  readonly elapsed: DurationMillis;
  readonly refusals: number;
}

/** A way by which a server comes to a stage of a policy. */
export interface Route extends ServerHistory {
  readonly policy: Policy;
  readonly stage: Stage;
}

/** Minutes of every hour that a policy refuses; none where its mode is not to enforce. */
export interface Severity {
  readonly block: number;
  readonly throttle: number;
}

export const NO_SEVERITY: Severity = { block: 0, throttle: 0 };

/** The routes by which servers come to the stages of a policy: as time passes, and by its thresholds. */
export function routesOf(policy: Policy, policySet: PolicySet): Route[] {
  const byTime = reachableStages(policy).map((stage) => ({ policy, stage, elapsed: stage.after, refusals: 0 }));
  const elapsed = firstRefusals(policy, policySet);
  if (elapsed === undefined || !isWithin(policy, elapsed)) return byTime;
  const byThreshold = policy.thresholds.map(({ refusals }): Route => {
    return { policy, stage: stageAt(policy, { elapsed, refusals }), elapsed, refusals };
  });
  return [...byTime, ...byThreshold];
}

/** The stages that are in force for some time as time passes, in their order. */
export function reachableStages(policy: Policy): Stage[] {
  return policy.stages.filter(
    ({ after }, index) => policy.stages[index + 1]?.after !== after && isWithin(policy, after),
  );
}

/** Whether refusals of the policy's own mode have an effect. */
export function refuses({ mode, stages }: Policy): boolean {
  return mode === 'enforce' && stages.some(({ throttle, block }) => throttle + block > 0);
}

/** The stage of a server with this history: by time, or a later one by a threshold. */
export function stageAt({ stages, thresholds }: Policy, { elapsed, refusals }: ServerHistory): Stage {
  let index = stages.findLastIndex(({ after }) => after <= elapsed);
  for (const threshold of thresholds) {
    if (refusals >= threshold.refusals) index = Math.max(index, threshold.advanceTo);
  }
  const stage = stages[Math.max(0, index)];
  if (stage === undefined) throw new Error('A policy has at least one stage');
  return stage;
}

/** What a policy refuses to a server with this history. */
export function severityAt(policy: Policy | undefined, history: ServerHistory): Severity {
  return policy?.mode === 'enforce' ? stageAt(policy, history) : NO_SEVERITY;
}

/** Whether more is refused: more minutes blocked, or as many, and more refused in all. */
export function isWorse(one: Severity, other: Severity): boolean {
  if (one.block !== other.block) return one.block > other.block;
  return one.throttle > other.throttle;
}

/** Time on the clock at which a server can first have been refused; undefined where nothing ever refuses one. */
function firstRefusals(policy: Policy, { policies }: PolicySet): DurationMillis | undefined {
  if (policies.some((other) => other !== policy && refuses(other))) return durationMillis(0);
  if (policy.mode !== 'enforce') return undefined;
  return reachableStages(policy).find(({ throttle, block }) => throttle + block > 0)?.after;
}

/** Whether the policy is long enough in force for the time to pass on a server's clock. */
function isWithin({ effective: { from, until } }: Policy, elapsed: DurationMillis): boolean {
  return from === undefined || until === undefined || elapsed < until - from;
}
