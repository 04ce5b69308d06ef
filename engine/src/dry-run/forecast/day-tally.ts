import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { type DayForecast, type ForecastSpan, isBlocking, isRefusing } from './forecast-report.js';
import type { RefusedTimeOf } from './refused-time.js';
import type { ForecastTime } from './server-spans.js';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

interface Sums {
  throttleMillis: number;
  blockMillis: number;
  messagesAtRisk: number;
}

interface Tally extends Sums {
  readonly from: EpochMillis;
  readonly until: EpochMillis;
  refused: number;
  blocked: number;
  /** By policy and stage, as JSON of both. */
  readonly stages: Map<string, number>;
}

/** What one server adds to all days. */
export type ServerTotal = Readonly<Sums>;

/** Sums what servers meet, by UTC day. */
export class DayTally {
  readonly #days: readonly Tally[];
  #knowsMessages = false;

  constructor({ from, until }: ForecastTime) {
    const first = Math.floor(from / DAY_MILLIS);
    const count = Math.ceil(until / DAY_MILLIS) - first;
    this.#days = Array.from({ length: count }, (_, index) => ({
      from: epochMillis(Math.max(from, (first + index) * DAY_MILLIS)),
      until: epochMillis(Math.min(until, (first + index + 1) * DAY_MILLIS)),
      throttleMillis: 0,
      blockMillis: 0,
      messagesAtRisk: 0,
      refused: 0,
      blocked: 0,
      stages: new Map(),
    }));
  }

  /** Adds a server, and gives what it is over all days. */
  add(spans: readonly ForecastSpan[], timeOf: RefusedTimeOf, messagesPerDay: number | undefined): ServerTotal {
    if (messagesPerDay !== undefined) this.#knowsMessages = true;
    const total = { throttleMillis: 0, blockMillis: 0, messagesAtRisk: 0 };
    for (const span of spans) {
      const isRefused = isRefusing(span);
      const stage = stageKeyOf(span);
      for (const day of this.#daysOf(span)) {
        if (span.until >= day.until) countServer(day, span, stage);
        if (!isRefused) continue;
        const { throttle, block } = timeOf(span, Math.max(span.from, day.from), Math.min(span.until, day.until));
        const messages = ((messagesPerDay ?? 0) * (throttle + block)) / DAY_MILLIS;
        addTo(day, throttle, block, messages);
        addTo(total, throttle, block, messages);
      }
    }
    return total;
  }

  #daysOf({ from, until }: ForecastSpan): readonly Tally[] {
    const first = Math.floor((this.#days[0]?.from ?? 0) / DAY_MILLIS);
    return this.#days.slice(Math.floor(from / DAY_MILLIS) - first, Math.ceil(until / DAY_MILLIS) - first);
  }

  report(): readonly DayForecast[] {
    return this.#days.map(({ from, throttleMillis, blockMillis, messagesAtRisk, refused, blocked, stages }) => ({
      day: epochMillis(Math.floor(from / DAY_MILLIS) * DAY_MILLIS),
      throttleMinutes: throttleMillis / MINUTE_MILLIS,
      blockMinutes: blockMillis / MINUTE_MILLIS,
      ...(this.#knowsMessages ? { messagesAtRisk } : {}),
      refused,
      blocked,
      stages: [...stages].sort(byKey).map(([key, servers]) => {
        const [policy, stage] = JSON.parse(key) as [string, string];
        return { policy, stage, servers };
      }),
    }));
  }
}

function addTo(sums: Sums, throttle: number, block: number, messages: number): void {
  sums.throttleMillis += throttle;
  sums.blockMillis += block;
  sums.messagesAtRisk += messages;
}

function stageKeyOf({ policy, stage }: ForecastSpan): string | undefined {
  return policy === undefined || stage === undefined ? undefined : JSON.stringify([policy, stage]);
}

function countServer(day: Tally, span: ForecastSpan, stage: string | undefined): void {
  if (isBlocking(span)) day.blocked++;
  else if (isRefusing(span)) day.refused++;
  if (stage !== undefined) day.stages.set(stage, (day.stages.get(stage) ?? 0) + 1);
}

function byKey([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
