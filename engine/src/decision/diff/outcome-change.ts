import type { DurationMillis } from '../../policy/duration.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { PolicyMode, Relapse } from '../../policy/policy-set.js';
import type { Outcome, Step } from './outcome.js';
import type { BuildNames, OutcomeDifference, Pair, ServerView } from './outcome-diagrams.js';

/** What is refused on the days of a stretch; `report` tells what would be. */
export interface Refusals extends Omit<Step, 'after'> {
  readonly mode: PolicyMode;
}

/** A threshold, with the refusals to which it leads. */
export interface Escalation {
  readonly refusals: number;
  readonly within: DurationMillis;
  readonly to: Refusals;
}

/** One thing that differs between two outcomes. */
export type OutcomeChange =
  /** What is refused from a time on the server's clock until another; without an end, for ever. Undefined: nothing. */
  | ({ readonly kind: 'refusals'; readonly from: DurationMillis; readonly until?: DurationMillis } & Pair<
      Refusals | undefined
    >)
  | ({ readonly kind: 'thresholds' } & Pair<readonly Escalation[]>)
  /** From when on the clock counts at the earliest; undefined: from the first detection. */
  | ({ readonly kind: 'counts-from' } & Pair<EpochMillis | undefined>)
  /** Whether the clock of the server runs. */
  | ({ readonly kind: 'clock' } & Pair<boolean>)
  | ({ readonly kind: 'relapse' } & Pair<Relapse>)
  | ({ readonly kind: 'server' } & Pair<ServerView>)
  | ({ readonly kind: 'builds' } & Pair<BuildNames>);

/** Takes a difference apart: refusals first, in the order of days. */
export function changesOf({ before, after, server, builds }: OutcomeDifference): OutcomeChange[] {
  const changes: OutcomeChange[] = [...refusalChanges(before, after)];
  const thresholds = { before: escalationsOf(before), after: escalationsOf(after) };
  if (differ(thresholds)) changes.push({ kind: 'thresholds', ...thresholds });
  if (before.kind === 'enforced' && after.kind === 'enforced') {
    const countsFrom = { before: before.countsFrom, after: after.countsFrom };
    if (countsFrom.before !== countsFrom.after) changes.push({ kind: 'counts-from', ...countsFrom });
  }
  const clock = { before: before.kind !== 'unmatched', after: after.kind !== 'unmatched' };
  if (differ(clock)) changes.push({ kind: 'clock', ...clock });
  if (before.kind !== 'unmatched' && after.kind !== 'unmatched') {
    const relapse = { before: before.relapse, after: after.relapse };
    if (differ(relapse)) changes.push({ kind: 'relapse', ...relapse });
  }
  if (server !== undefined) changes.push({ kind: 'server', ...server });
  if (builds !== undefined) changes.push({ kind: 'builds', ...builds });
  return changes;
}

/** Times on the server's clock at which what an outcome refuses may change. */
export function edgesOf(outcome: Outcome): readonly DurationMillis[] {
  return outcome.kind === 'enforced' ? outcome.steps.map((step) => step.after) : [];
}

/** What an outcome refuses at a time on the server's clock; undefined: nothing. */
export function refusalsAt(outcome: Outcome, elapsed: number): Refusals | undefined {
  if (outcome.kind !== 'enforced') return undefined;
  return refusalsOf(outcome.mode, outcome.steps.findLast((step) => step.after <= elapsed) ?? outcome.steps[0]);
}

function refusalsOf(mode: PolicyMode, step: Step | undefined): Refusals | undefined {
  if (step === undefined || step.throttle + step.block === 0) return undefined;
  const { after: _after, ...refusals } = step;
  return { mode, ...refusals };
}

function refusalChanges(before: Outcome, after: Outcome): OutcomeChange[] {
  const edges = [...new Set([0, ...edgesOf(before), ...edgesOf(after)])].sort((a, b) => a - b) as DurationMillis[];
  const changes: (OutcomeChange & { readonly kind: 'refusals' })[] = [];
  for (const [index, from] of edges.entries()) {
    const until = edges[index + 1];
    const end = until === undefined ? {} : { until };
    const pair = { before: refusalsAt(before, from), after: refusalsAt(after, from) };
    if (!differ(pair)) continue;
    const last = changes.at(-1);
    const goesOn =
      last?.until === from && !differ({ before: [last.before, last.after], after: [pair.before, pair.after] });
    if (last === undefined || !goesOn) changes.push({ kind: 'refusals', from, ...end, ...pair });
    else changes[changes.length - 1] = { kind: 'refusals', from: last.from, ...end, ...pair };
  }
  return changes;
}

function escalationsOf(outcome: Outcome): readonly Escalation[] {
  if (outcome.kind !== 'enforced') return [];
  return outcome.thresholds.flatMap(({ refusals, within, advanceTo }) => {
    const to = refusalsOf(outcome.mode, outcome.steps[advanceTo]);
    return to === undefined ? [] : [{ refusals, within, to }];
  });
}

function differ({ before, after }: Pair<unknown>): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
