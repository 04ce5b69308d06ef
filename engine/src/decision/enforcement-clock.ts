import { type DurationMillis, durationMillis } from '../policy/duration.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import type { Policy } from '../policy/policy-set.js';
import type { Pause, ServerRecord } from './server-record.js';

/** Time on a server's clock under a policy: since its first detection, never before the policy's own start, without pauses. */
export function elapsedSince(
  firstDetected: EpochMillis,
  policy: Pick<Policy, 'effective'>,
  pauses: readonly Pause[],
  now: EpochMillis,
): DurationMillis {
  const start = Math.max(firstDetected, policy.effective.from ?? firstDetected);
  if (now <= start) return durationMillis(0);
  const paused = pauses.length === 0 ? 0 : pausedMillis(pauses, start, now);
  return durationMillis(now - start - paused);
}

/** The instant at which a clock that still has this long to run is there; pauses hold it, those to come as well. */
export function clockArrivesAt(wait: DurationMillis, pauses: readonly Pause[], now: EpochMillis): EpochMillis {
  let at: number = now;
  let left: number = wait;
  for (const { from, until } of inOrder(pauses)) {
    if (until <= at) continue;
    const running = Math.max(0, from - at);
    if (left <= running) break;
    left -= running;
    at = until;
  }
  return epochMillis(at + left);
}

/** The instant since which a clock has run this long: {@link elapsedSince} backwards. */
export function clockStartedAt(elapsed: DurationMillis, pauses: readonly Pause[], now: EpochMillis): EpochMillis {
  let at: number = now;
  let left: number = elapsed;
  for (const { from, until } of [...pauses].sort((a, b) => b.until - a.until)) {
    if (from >= at) continue;
    const running = Math.max(0, at - until);
    if (left <= running) break;
    left -= running;
    at = from;
  }
  return epochMillis(at - left);
}

/** The pause that holds at an instant. */
export function pauseAt(pauses: readonly Pause[], now: EpochMillis): Pause | undefined {
  return pauses.length === 0 ? undefined : pauses.find((pause) => pause.from <= now && now < pause.until);
}

/** Refusals within a time before an instant, by whole hours: the hour in which it began counts whole. */
export function refusalsWithin(record: ServerRecord | undefined, within: DurationMillis, now: EpochMillis): number {
  const oldest = now - within - HOUR_MILLIS;
  return (record?.refusals ?? []).reduce((sum, { hour, count }) => (hour > oldest ? sum + count : sum), 0);
}

const HOUR_MILLIS = 3_600_000;

/** Pauses may overlap; no instant counts twice. */
function pausedMillis(pauses: readonly Pause[], start: number, end: number): number {
  let total = 0;
  let covered = start;
  for (const { from, until } of inOrder(pauses)) {
    const begin = Math.max(covered, from);
    const finish = Math.min(end, until);
    if (finish <= begin) continue;
    total += finish - begin;
    covered = finish;
  }
  return total;
}

function inOrder(pauses: readonly Pause[]): readonly Pause[] {
  return pauses.length < 2 ? pauses : [...pauses].sort((a, b) => a.from - b.from);
}
