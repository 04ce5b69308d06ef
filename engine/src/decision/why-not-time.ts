import { durationMillis, formatDuration } from '../policy/duration.js';
import { type EpochMillis, epochMillis, formatInstant } from '../policy/instant.js';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { calendarEdges, serverEdges } from './time-edges.js';
import type { Change, Question } from './why-not-question.js';

const HOUR_MILLIS = 3_600_000;
const MINUTE_MILLIS = 60_000;
const SECOND_MILLIS = 1_000;

/** The nearest later and earlier instants that give the outcome: other stages, other policies, another part of the hour. */
export function timeChanges(question: Question): Change[] {
  const edges = edgesOf(question);
  return [laterChange(question, edges), earlierChange(question, edges)].filter((each) => each !== undefined);
}

/** Instants at which something else than the window of an hour may change, sorted. */
function edgesOf({ compiled, record }: Question): number[] {
  const { policySet, settings } = compiled;
  const own = record === undefined ? [] : serverEdges(record, policySet.policies);
  const versionsEnd = (record?.versions ?? []).map(({ lastSeen }) => lastSeen + settings.versionWindow);
  return [...new Set([...calendarEdges(policySet), ...own, ...versionsEnd])].sort((a, b) => a - b);
}

function laterChange(question: Question, edges: readonly number[]): Change | undefined {
  const { now } = question;
  const starts = [now, ...edges.filter((edge) => edge > now)];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const instants = [start, ...phaseStarts(question, start)].filter(
      (each) => each > now && each >= start && each < end,
    );
    for (const instant of instants.sort((a, b) => a - b)) {
      const change = changeAt(question, instant);
      if (change !== undefined) return change;
    }
  }
  return undefined;
}

function earlierChange(question: Question, edges: readonly number[]): Change | undefined {
  const { now } = question;
  const ends = [now, ...edges.filter((edge) => edge <= now).reverse()];
  for (const [index, end] of ends.entries()) {
    const start = ends[index + 1] ?? Number.NEGATIVE_INFINITY;
    const phases = phaseStarts(question, end - 1).flatMap((each) => [each, each - SECOND_MILLIS]);
    const instants = [end - 1, ...phases, start].filter((each) => each >= start && each < end && Number.isFinite(each));
    for (const instant of instants.sort((a, b) => b - a)) {
      const change = changeAt(question, instant);
      if (change !== undefined) return change;
    }
  }
  return undefined;
}

/** When the parts of the hour begin in the hours around an instant: throttled, blocked, open. */
function phaseStarts({ compiled, facts, record }: Question, instant: number): number[] {
  const { window } = decide(compiled, facts, record, epochMillis(instant));
  if (window === undefined) return [];
  const { opensAt, closesAt, throttle } = window;
  return [-1, 0, 1].flatMap((hours) => {
    const shift = hours * HOUR_MILLIS;
    return [opensAt + shift, opensAt + throttle * MINUTE_MILLIS + shift, closesAt + shift];
  });
}

function changeAt(question: Question, instant: number): Change | undefined {
  const at: EpochMillis = epochMillis(instant);
  return question.atTime(at, (decision) => describe(question.now, at, decision));
}

function describe(now: EpochMillis, at: EpochMillis, { window }: Decision): string {
  const distance = Math.abs(at - now);
  const by = distance < SECOND_MILLIS ? `${distance}ms` : formatDuration(durationMillis(distance));
  const part = window === undefined ? '' : ` (in the hour ${partOf(window)})`;
  return `${by} ${at > now ? 'later' : 'earlier'}, at ${formatInstant(at)}${part}`;
}

/** Where in the hour the window is. */
function partOf({ phase, opensAt, closesAt }: NonNullable<Decision['window']>): string {
  const minutes = (instant: number) => formatInstant(epochMillis(instant)).slice(14, 19);
  const open = `:${minutes(opensAt)} to :${minutes(closesAt)}`;
  return phase === 'open' ? `outside its window, ${open}` : `within its window, ${open}`;
}
