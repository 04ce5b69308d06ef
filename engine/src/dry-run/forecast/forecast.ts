import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { countedVersion } from '../../decision/counted-version.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { formatVersion } from '../../policy/version.js';
import { DayTally, type ServerTotal } from './day-tally.js';
import { forecastNotes } from './forecast-notes.js';
import type { ForecastReport, ForecastSpan, ServerForecast } from './forecast-report.js';
import { horizonsOf } from './horizons.js';
import { refusedTimeOf } from './refused-time.js';
import { type KnownServer, ServerForecaster } from './server-spans.js';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

/** Most days of a forecast, ten years. */
export const MAX_FORECAST_DAYS = 3650;

export interface ForecastOptions {
  readonly from: EpochMillis;
  /** From 1 to {@link MAX_FORECAST_DAYS}. */
  readonly days: number;
}

/** Works out for servers which of them enters which stage when, and what they are refused on each day. Pure. */
export function forecast(
  compiled: CompiledPolicySet,
  servers: readonly KnownServer[],
  { from, days }: ForecastOptions,
): ForecastReport {
  const time = { from, until: epochMillis(from + days * DAY_MILLIS) };
  const forecaster = new ServerForecaster(compiled, time);
  const tally = new DayTally(time);
  const decided: ServerForecast[] = [];
  for (const server of servers) {
    const spans = forecaster.spansOf(server);
    const total = tally.add(spans, refusedTimeOf(server.record.id), server.messagesPerDay);
    if (spans.some(isDecided)) decided.push(serverForecast(compiled, server, spans, total, from));
  }
  const allSpans = decided.flatMap(({ spans }) => spans);
  const rates = servers.map(({ messagesPerDay }) => messagesPerDay).filter((rate) => rate !== undefined);
  return {
    revision: compiled.policySet.revision,
    ...time,
    ...horizonsOf(decided, time, days),
    throttleMinutes: sumOf(decided, ({ throttleMinutes }) => throttleMinutes),
    blockMinutes: sumOf(decided, ({ blockMinutes }) => blockMinutes),
    ...(rates.length === 0
      ? {}
      : {
          messagesPerDay: sumOf(rates, (rate) => rate),
          messagesAtRisk: sumOf(decided, ({ messagesAtRisk }) => messagesAtRisk ?? 0),
        }),
    servers: decided.sort(byNextChange),
    otherServers: servers.length - decided.length,
    days: tally.report(),
    notes: [...forecastNotes(compiled.policySet, servers, allSpans, from)],
  };
}

function isDecided({ policy, exemption, patched }: ForecastSpan): boolean {
  return policy !== undefined || exemption !== undefined || patched !== undefined;
}

function serverForecast(
  { settings }: CompiledPolicySet,
  { record, facts, messagesPerDay }: KnownServer,
  spans: readonly ForecastSpan[],
  { throttleMillis, blockMillis, messagesAtRisk }: ServerTotal,
  from: EpochMillis,
): ServerForecast {
  const { name, connector, firstDetected, lastSeen } = record;
  const version = countedVersion(record, facts?.['server.version'], from, settings.versionWindow);
  return {
    server: name,
    connector,
    ...(version === undefined ? {} : { version: formatVersion(version) }),
    ...(firstDetected === undefined ? {} : { firstDetected }),
    lastSeen,
    ...(messagesPerDay === undefined ? {} : { messagesPerDay, messagesAtRisk }),
    throttleMinutes: throttleMillis / MINUTE_MILLIS,
    blockMinutes: blockMillis / MINUTE_MILLIS,
    spans,
  };
}

function sumOf<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}

/** Those that nothing happens to any more come last. */
function byNextChange(a: ServerForecast, b: ServerForecast): number {
  return nextChange(a) - nextChange(b) || (a.server < b.server ? -1 : 1);
}

function nextChange({ spans }: ServerForecast): number {
  return spans[1]?.from ?? Number.MAX_SAFE_INTEGER;
}
