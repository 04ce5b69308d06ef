import type { EpochMillis } from '../../policy/instant.js';
import {
  type ForecastReport,
  type ForecastSpan,
  type Horizon,
  isBlocking,
  isRefusing,
  type ServerForecast,
  type StageCensus,
} from './forecast-report.js';
import type { ForecastTime } from './server-spans.js';

const DAY_MILLIS = 86_400_000;
/** Horizons of days that people plan by; the forecast's own end is one as well. */
const USUAL_HORIZONS = [7, 30, 90];

type StageTally = Omit<StageCensus, 'servers'> & { readonly servers: number[] };

/** Counts servers at the start, and what changes until the horizons. */
export function horizonsOf(
  servers: readonly ServerForecast[],
  { from, until }: ForecastTime,
  days: number,
): Pick<ForecastReport, 'refused' | 'blocked' | 'horizons' | 'stages'> {
  const all = [...new Set([...USUAL_HORIZONS.filter((each) => each < days), days])].sort((a, b) => a - b);
  const instants = [from, ...all.map((each) => Math.min(from + each * DAY_MILLIS, until - 1))];
  return {
    refused: servers.filter(({ spans }) => isInStage(spans, isPartlyRefusing)).length,
    blocked: servers.filter(({ spans }) => isInStage(spans, isBlocking)).length,
    horizons: all.map((each): Horizon => {
      const end = from + each * DAY_MILLIS;
      return {
        days: each,
        newlyRefused: servers.filter(({ spans }) => enters(spans, isRefusing, end)).length,
        newlyBlocked: servers.filter(({ spans }) => enters(spans, isBlocking, end)).length,
      };
    }),
    stages: censusOf(servers, instants),
  };
}

function isPartlyRefusing(span: ForecastSpan): boolean {
  return isRefusing(span) && !isBlocking(span);
}

function isInStage(spans: readonly ForecastSpan[], isWanted: (span: ForecastSpan) => boolean): boolean {
  return spans[0] !== undefined && isWanted(spans[0]);
}

/** Whether the first such span begins by an instant, but not at the start already. */
function enters(spans: readonly ForecastSpan[], isWanted: (span: ForecastSpan) => boolean, end: number): boolean {
  const entry = entryOf(spans, isWanted);
  return entry !== undefined && entry <= end && !isInStage(spans, isWanted);
}

/** When the first span of a kind begins. */
export function entryOf(
  spans: readonly ForecastSpan[],
  isWanted: (span: ForecastSpan) => boolean,
): EpochMillis | undefined {
  return spans.find(isWanted)?.from;
}

function censusOf(servers: readonly ServerForecast[], instants: readonly number[]): readonly StageCensus[] {
  const tallies = new Map<string, StageTally>();
  for (const { spans } of servers) {
    for (const [index, instant] of instants.entries()) {
      const span = spans.find(({ until }) => until > instant);
      const tally = span === undefined ? undefined : tallyOf(tallies, span, instants.length);
      if (tally !== undefined) tally.servers[index] = (tally.servers[index] ?? 0) + 1;
    }
  }
  return [...tallies.values()].sort(byStage);
}

function tallyOf(tallies: Map<string, StageTally>, span: ForecastSpan, count: number): StageTally | undefined {
  const { policy, stage, mode, throttle, block } = span;
  if (policy === undefined || stage === undefined || mode === undefined) return undefined;
  const key = JSON.stringify([policy, stage]);
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const tally = { policy, stage, mode, throttle, block, servers: Array<number>(count).fill(0) };
  tallies.set(key, tally);
  return tally;
}

/** By policy, then the mildest first, which is nearly always the order of the stages. */
function byStage(a: StageTally, b: StageTally): number {
  if (a.policy !== b.policy) return a.policy < b.policy ? -1 : 1;
  return a.block - b.block || a.throttle - b.throttle || (a.stage < b.stage ? -1 : 1);
}
