import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { RefusalCount } from '../server-record.js';
import type { OutcomeChange } from './outcome-change.js';
import { edgesOf } from './outcome-change.js';
import type { OutcomeDifference } from './outcome-diagrams.js';

/** An instant, and what happened to the server until then; undefined: it was never seen. */
export interface Moment {
  readonly time: EpochMillis;
  readonly history?: {
    readonly firstDetected?: EpochMillis;
    readonly remediatedAt?: EpochMillis;
    readonly refusals?: readonly RefusalCount[];
  };
}

const DAY_MILLIS = 86_400_000;
const HOUR_MILLIS = 3_600_000;

/** Moments that are likely to show a difference, the likeliest first. */
export function* momentsFor(
  { before, after }: OutcomeDifference,
  changes: readonly OutcomeChange[],
  time: EpochMillis,
): Generator<Moment> {
  const starts = [before, after].flatMap((outcome) =>
    outcome.kind === 'enforced' && outcome.countsFrom !== undefined ? [outcome.countsFrom] : [],
  );
  const edges = [...new Set([...edgesOf(before), ...edgesOf(after), 0])];
  for (const change of changes) if (change.kind === 'refusals') yield* atElapsed(change.from, time, starts);
  yield { time };
  for (const change of changes) {
    if (change.kind === 'thresholds') yield* afterRefusals(change, edges, time, starts);
    if (change.kind === 'relapse') yield* afterRelapse(change, time);
    if (change.kind === 'counts-from') yield* aroundStarts(edges, time, starts);
    if (change.kind === 'builds') for (const edge of edges) yield* atElapsed(edge, time, starts);
  }
  yield { time, history: {} };
  for (const edge of edges) yield* atElapsed(edge, time, starts);
}

/** A clock that has run so long: now, or as soon as it can have. */
function* atElapsed(elapsed: number, time: EpochMillis, starts: readonly EpochMillis[]): Generator<Moment> {
  const times = [
    time,
    ...starts.map((start) => Math.max(time, start + elapsed)),
    Math.max(time, ...starts.map((start) => start + elapsed)),
  ];
  for (const at of new Set(times)) {
    yield { time: epochMillis(at), history: { firstDetected: epochMillis(at - elapsed) } };
  }
}

/** Clocks that began before the policies, which count from other instants. */
function* aroundStarts(edges: readonly number[], time: EpochMillis, starts: readonly EpochMillis[]): Generator<Moment> {
  const earliest = Math.min(time, ...starts);
  const times = [time, ...starts.flatMap((start) => edges.map((edge) => start + edge))];
  const detections = [earliest - DAY_MILLIS, earliest - 100 * DAY_MILLIS, earliest - 4_000 * DAY_MILLIS];
  for (const at of times) {
    for (const firstDetected of detections) {
      yield { time: epochMillis(at), history: { firstDetected: epochMillis(firstDetected) } };
    }
  }
}

function* afterRefusals(
  { before, after }: OutcomeChange & { readonly kind: 'thresholds' },
  edges: readonly number[],
  time: EpochMillis,
  starts: readonly EpochMillis[],
): Generator<Moment> {
  for (const { refusals: count, within } of [...before, ...after]) {
    for (const hours of [0, within / HOUR_MILLIS - 1, within / HOUR_MILLIS]) {
      for (const edge of edges) {
        for (const moment of atElapsed(edge, time, starts)) {
          const hour = epochMillis(Math.floor(moment.time / HOUR_MILLIS - hours) * HOUR_MILLIS);
          yield { time: moment.time, history: { ...moment.history, refusals: [{ hour, count }] } };
        }
      }
    }
  }
}

function* afterRelapse(
  { before, after }: OutcomeChange & { readonly kind: 'relapse' },
  time: EpochMillis,
): Generator<Moment> {
  for (const relapse of [before, after]) {
    if (relapse.kind === 'restart') continue;
    for (const since of [relapse.within, relapse.within + 1, 0]) {
      yield { time, history: { remediatedAt: epochMillis(time - since) } };
    }
  }
}
