import { type DurationMillis, formatDuration } from '../../policy/duration.js';
import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import type { Relapse } from '../../policy/policy-set.js';
import type { ReplyTemplate } from '../../policy/reply-template.js';
import type { Escalation, OutcomeChange, Refusals } from './outcome-change.js';
import type { Pair, ServerView } from './outcome-diagrams.js';

/** A change in one line of words: `days 30-40: throttle 5 → 10 min/h`. */
export function changeWords(change: OutcomeChange): string {
  switch (change.kind) {
    case 'refusals':
      return `${stretchWords(change.from, change.until)}: ${refusalsWords(change)}`;
    case 'thresholds':
      return `thresholds: ${arrow(change, thresholdsWords)}`;
    case 'counts-from':
      return `the clock counts ${arrow(change, countsFromWords)}`;
    case 'clock':
      return change.after ? "the server's clock starts" : "the server's clock no longer starts";
    case 'relapse':
      return `after a relapse, the clock ${arrow(change, relapseWords)}`;
    case 'server':
      return serverWords(change);
    case 'builds':
      return `replies call the build ${change.before.build} (${change.before.product}) → ${change.after.build} (${change.after.product})`;
  }
}

/** An instant as a date, with the time of day where that is not midnight UTC. */
export function instantWords(instant: EpochMillis): string {
  return formatInstant(instant).replace('T00:00:00Z', '');
}

/** A reply with its placeholders in braces. */
export function replyWords({ code, status, parts }: ReplyTemplate): string {
  return `${code} ${status} ${parts.map((part) => (typeof part === 'string' ? part : `{${part.placeholder}}`)).join('')}`;
}

const DAY_MILLIS = 86_400_000;

function stretchWords(from: DurationMillis, until: DurationMillis | undefined): string {
  if (until === undefined) return from === 0 ? 'from the first day on' : `from ${timeWords(from)} on`;
  const inDays = from % DAY_MILLIS === 0 && until % DAY_MILLIS === 0;
  return inDays
    ? `days ${from / DAY_MILLIS}–${until / DAY_MILLIS}`
    : `${formatDuration(from)}–${formatDuration(until)} after the first detection`;
}

function timeWords(time: DurationMillis): string {
  return time % DAY_MILLIS === 0 ? `day ${time / DAY_MILLIS}` : `${formatDuration(time)} after the first detection`;
}

function refusalsWords({ before, after }: Pair<Refusals | undefined>): string {
  if (before === undefined || after === undefined) return arrow({ before, after }, stateWords);
  if (before.throttle !== after.throttle || before.block !== after.block || before.mode !== after.mode) {
    const isPlain = before.mode === 'enforce' && after.mode === 'enforce';
    if (isPlain && before.block + after.block === 0) return `throttle ${before.throttle} → ${after.throttle} min/h`;
    const isShort = before.block < 60 && after.block < 60;
    if (isPlain && isShort && before.throttle + after.throttle === 0)
      return `block ${before.block} → ${after.block} min/h`;
    return arrow({ before, after }, stateWords);
  }
  return `${stateWords(after)}; ${replyChanges(before, after).join('; ')}`;
}

function replyChanges(before: Refusals, after: Refusals): string[] {
  const replies = (['throttleReply', 'blockReply'] as const).flatMap((use) => {
    const pair = { before: before[use], after: after[use] };
    if (pair.before === undefined || pair.after === undefined) return [];
    const words = { before: replyWords(pair.before), after: replyWords(pair.after) };
    return words.before === words.after ? [] : [`reply "${words.before}" → "${words.after}"`];
  });
  if (before.nextAfter === after.nextAfter) return replies;
  const next = { before: before.nextAfter, after: after.nextAfter };
  return [
    ...replies,
    `the next stage that the reply tells ${arrow(next, (at) => (at === undefined ? 'none' : timeWords(at)))}`,
  ];
}

/** What is refused, in words; undefined is nothing. */
export function stateWords(refusals: Refusals | undefined): string {
  if (refusals === undefined) return 'accepted';
  const { mode, throttle, block } = refusals;
  const minutes =
    block === 60
      ? 'blocked'
      : [throttle > 0 ? `throttle ${throttle}` : '', block > 0 ? `block ${block}` : '']
          .filter((each) => each !== '')
          .join(', ');
  const rate = block === 60 ? minutes : `${minutes} min/h`;
  return mode === 'report' ? `accepted (reported: ${rate})` : rate;
}

function thresholdsWords(escalations: readonly Escalation[]): string {
  if (escalations.length === 0) return 'none';
  return escalations
    .map(({ refusals, within, to }) => `${stateWords(to)} after ${refusals} refusals within ${formatDuration(within)}`)
    .join(', ');
}

function countsFromWords(instant: EpochMillis | undefined): string {
  return instant === undefined ? 'from the first detection' : `from ${instantWords(instant)} at the earliest`;
}

function relapseWords(relapse: Relapse): string {
  return relapse.kind === 'restart' ? 'restarts' : `goes on within ${formatDuration(relapse.within)}`;
}

function serverWords({ before, after }: Pair<ServerView>): string {
  const parts: string[] = [];
  if (before.connector !== after.connector) parts.push(`connector ${before.connector} → ${after.connector}`);
  if (before.identity !== after.identity) parts.push(`servers told apart by ${before.identity} → ${after.identity}`);
  const restarts = parts.length > 0 ? ["each server's clock starts anew"] : [];
  if (before.trustsHeaders !== after.trustsHeaders) {
    parts.push(`versions in headers ${after.trustsHeaders ? 'count now' : 'no longer count'}`);
  }
  return [...parts, ...restarts].join('; ');
}

function arrow<T>({ before, after }: Pair<T>, words: (value: T) => string): string {
  return `${words(before)} → ${words(after)}`;
}
