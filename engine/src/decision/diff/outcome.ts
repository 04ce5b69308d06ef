import type { DurationMillis } from '../../policy/duration.js';
import type { MinutesPerHour } from '../../policy/hourly-rate.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { Policy, PolicyMode, Relapse, Stage, Threshold } from '../../policy/policy-set.js';
import type { ReplyPlaceholder, ReplyTemplate } from '../../policy/reply-template.js';
import { fillInReply } from '../render-reply.js';

/** What is refused in every hour from some day on, and with which words. */
export interface Step {
  /** Time on the server's clock from which it holds. */
  readonly after: DurationMillis;
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
  /** Only where it can be given; what the policy itself knows is filled in. */
  readonly throttleReply?: ReplyTemplate;
  readonly blockReply?: ReplyTemplate;
  /** When the next stage begins, where a reply tells it. */
  readonly nextAfter?: DurationMillis;
}

/**
 * What a policy set does to a connection, on every day: all that can be noticed from outside, and nothing else. Equal outcomes
 * are equal as JSON. Names of policies and stages, descriptions, owners and places in files are no part of it, unless a
 * reply tells them; a stage that refuses what the one before it refused is none of its own; a policy that refuses
 * nothing on any day does the same in every mode, and the same as an exemption from one that starts the clock alike.
 */
export type Outcome =
  /** Never refused; the server's clock does not run. */
  | { readonly kind: 'unmatched' }
  /** Never refused; the server's clock runs. */
  | { readonly kind: 'accepted'; readonly relapse: Relapse }
  | {
      readonly kind: 'enforced';
      readonly mode: PolicyMode;
      /** The clock never counts from before. */
      readonly countsFrom?: EpochMillis;
      readonly steps: readonly Step[];
      /** `advanceTo` is an index into the steps. */
      readonly thresholds: readonly Threshold[];
      readonly relapse: Relapse;
    };

export const UNMATCHED: Outcome = { kind: 'unmatched' };

/** The outcome for those whom a policy decides about. */
export function outcomeOf(policy: Policy): Outcome {
  const { mode, thresholds, relapse } = policy;
  const steps = policy.stages.map((stage, index) => stepOf(policy, stage, policy.stages[index + 1]));
  const from = policy.effective.from;
  return simplified({
    kind: 'enforced',
    mode,
    ...(from === undefined ? {} : { countsFrom: from }),
    steps,
    thresholds: [...thresholds],
    relapse: relapse.kind === 'restart' ? { kind: 'restart' } : { kind: 'resume', within: relapse.within },
  });
}

/** The outcome for those whom an exemption lets through: the policy beneath still starts the clock. */
export function exemptedFrom(outcome: Outcome): Outcome {
  return outcome.kind === 'enforced' ? { kind: 'accepted', relapse: outcome.relapse } : outcome;
}

/** The outcome for servers that were never seen before: their clock starts now, and nothing was refused yet. */
export function onFirstDay(outcome: Outcome): Outcome {
  if (outcome.kind === 'unmatched') return outcome;
  const relapse: Relapse = { kind: 'restart' };
  if (outcome.kind === 'accepted') return { kind: 'accepted', relapse };
  const today = outcome.steps.findLast((step) => step.after <= 0);
  const steps = today === undefined ? [] : [today];
  return simplified({ kind: 'enforced', mode: outcome.mode, steps, thresholds: [], relapse });
}

/** The outcome without the steps that no clock reaches before an instant. */
export function reachedBefore(outcome: Outcome, end: number): Outcome {
  if (outcome.kind !== 'enforced' || outcome.countsFrom === undefined) return outcome;
  const longest = end - outcome.countsFrom;
  const isReached = (index: number) => (outcome.steps[index]?.after ?? 0) < Math.max(1, longest);
  return simplified(outcome, isReached);
}

/** Whether one of the replies tells what the build catalogue calls the server's version. */
export function tellsBuild(replies: readonly Replies[]): boolean {
  return replies.some((each) =>
    templatesOf(each).some((reply) => asksFor(reply, 'build') || asksFor(reply, 'product')),
  );
}

type Replies = Pick<Step, 'throttleReply' | 'blockReply'>;
type Enforced = Extract<Outcome, { kind: 'enforced' }>;

/** Leaves out steps that never hold, joins those that refuse alike, and thresholds that others cover. */
function simplified(enforced: Enforced, isReached: (index: number) => boolean = () => true): Outcome {
  const { steps, thresholds, relapse } = enforced;
  const targets = new Set(thresholds.map((threshold) => threshold.advanceTo));
  const kept: Step[] = [];
  const places: number[] = [];
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    const holdsByTime = isReached(index) && (next === undefined || next.after > step.after);
    if (holdsByTime || targets.has(index)) {
      const last = kept.at(-1);
      if (last === undefined || refusalsKey(last) !== refusalsKey(step)) kept.push(step);
    }
    places.push(Math.max(0, kept.length - 1));
  }
  if (kept.every((step) => step.throttle + step.block === 0)) return { kind: 'accepted', relapse };
  const moved = thresholds.map((each) => ({ ...each, advanceTo: places[each.advanceTo] ?? 0 }));
  const { countsFrom, ...rest } = enforced;
  const dependsOnClock = kept.length > 1 || kept.some((step) => step.nextAfter !== undefined);
  const telling = dependsOnClock && countsFrom !== undefined ? { countsFrom } : {};
  return { ...rest, ...telling, steps: kept, thresholds: uncovered(moved) };
}

function refusalsKey({ after: _after, ...refusals }: Step): string {
  return JSON.stringify(refusals);
}

/** Thresholds of which no other one asks for less and leads as far. */
function uncovered(thresholds: readonly Threshold[]): Threshold[] {
  const distinct = new Map(
    thresholds.map((each) => [JSON.stringify([each.refusals, each.within, each.advanceTo]), each]),
  );
  const candidates = [...distinct.values()].filter((each) => each.advanceTo > 0);
  return candidates
    .filter((each) => !candidates.some((other) => other !== each && covers(other, each)))
    .map(({ refusals, within, advanceTo }) => ({ refusals, within, advanceTo }))
    .sort((a, b) => a.refusals - b.refusals || a.within - b.within || a.advanceTo - b.advanceTo);
}

function covers(a: Threshold, b: Threshold): boolean {
  return a.refusals <= b.refusals && a.within >= b.within && a.advanceTo >= b.advanceTo;
}

function stepOf(policy: Policy, stage: Stage, next: Stage | undefined): Step {
  const { after, throttle, block } = stage;
  const throttleReply = throttle > 0 ? filledIn(stage.throttleReply, policy, stage, next) : undefined;
  const blockReply = block > 0 ? filledIn(stage.blockReply, policy, stage, next) : undefined;
  const step: Step = {
    after,
    throttle,
    block,
    ...(throttleReply === undefined ? {} : { throttleReply }),
    ...(blockReply === undefined ? {} : { blockReply }),
  };
  const tellsDate = next !== undefined && templatesOf(step).some((reply) => asksFor(reply, 'next.date'));
  return tellsDate ? { ...step, nextAfter: next.after } : step;
}

function templatesOf({ throttleReply, blockReply }: Replies): readonly ReplyTemplate[] {
  return [throttleReply, blockReply].filter((reply) => reply !== undefined);
}

function asksFor({ parts }: ReplyTemplate, placeholder: ReplyPlaceholder): boolean {
  return parts.some((part) => typeof part !== 'string' && part.placeholder === placeholder);
}

/** Fills in what the policy itself tells; what the connection tells stays open. */
function filledIn(template: ReplyTemplate, policy: Policy, stage: Stage, next: Stage | undefined): ReplyTemplate {
  return fillInReply(template, { policy, stage, ...(next === undefined ? {} : { next: { stage: next.name } }) });
}
