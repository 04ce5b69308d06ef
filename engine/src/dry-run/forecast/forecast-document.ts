import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import {
  type BarChart,
  counted,
  formatCount,
  instantWords,
  partOf,
  type ReportDocument,
  type ReportTable,
} from '../report/report-document.js';
import {
  type ForecastReport,
  type ForecastSpan,
  isBlocking,
  isRefusing,
  type ServerForecast,
} from './forecast-report.js';
import { entryOf } from './horizons.js';
import { minutesWords, treatmentWords } from './treatment-words.js';

const DAY_LENGTH = '2026-01-01'.length;
/** Next stages of a server that a table has room for. */
const MAX_NEXT_STAGES = 3;

/** A forecast as a document. @param maxServers how many servers the table shows */
export function forecastDocument(report: ForecastReport, maxServers: number): ReportDocument {
  return {
    title: 'What the policies will do',
    summary: [...summaryOf(report)],
    charts: [minutesChart(report), serversChart(report)],
    tables: [stagesTable(report), serversTable(report, maxServers)],
    notes: report.notes,
  };
}

function* summaryOf(report: ForecastReport): Generator<string> {
  const { servers, otherServers, refused, blocked, horizons, from, until, revision } = report;
  const known = counted(servers.length + otherServers, 'server');
  yield `Of ${known}, ${formatCount(refused)} ${isOrAre(refused)} refused in a part of every hour now, and ${formatCount(blocked)} ${isOrAre(blocked)} blocked always.`;
  for (const { days, newlyRefused, newlyBlocked } of horizons) {
    yield `Next ${counted(days, 'day')}: ${counted(newlyRefused, 'server')} ${newlyRefused === 1 ? 'enters' : 'enter'} a stage that refuses; ${formatCount(newlyBlocked)} ${isOrAre(newlyBlocked)} blocked for good.`;
  }
  const { messagesPerDay, messagesAtRisk } = report;
  if (messagesPerDay !== undefined && messagesAtRisk !== undefined) {
    const sent = (messagesPerDay * (until - from)) / 86_400_000;
    yield `Of some ${formatCount(Math.round(sent))} messages in this time, ${formatCount(Math.round(messagesAtRisk))} would be refused at their first try.`;
  }
  yield `The forecast runs from ${instantWords(from)} to ${instantWords(until)}; policies: revision ${revision}.`;
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function minutesChart({ days }: ForecastReport): BarChart {
  const bars = days.map(({ day, throttleMinutes, blockMinutes }) => ({
    label: dayWords(day),
    values: [Math.round(throttleMinutes), Math.round(blockMinutes)],
  }));
  const series: BarChart['series'] = [
    { name: '450', tone: 'throttle' },
    { name: '550', tone: 'block' },
  ];
  return { title: 'Minutes refused by day, all servers', layout: 'columns', unit: 'minutes', series, bars };
}

function serversChart({ days }: ForecastReport): BarChart {
  const bars = days.map(({ day, refused, blocked }) => ({
    label: dayWords(day),
    values: [refused, blocked],
  }));
  const series: BarChart['series'] = [
    { name: 'refused in a part of every hour', tone: 'throttle' },
    { name: 'blocked always', tone: 'block' },
  ];
  return { title: 'Servers at the end of each day', layout: 'columns', unit: 'servers', series, bars };
}

function stagesTable({ stages, horizons }: ForecastReport): ReportTable {
  return {
    title: 'Servers by stage',
    columns: [
      { name: 'policy' },
      { name: 'stage' },
      { name: 'refuses' },
      { name: 'now', isNumber: true },
      ...horizons.map(({ days }) => ({ name: `in ${counted(days, 'day')}`, isNumber: true as const })),
    ],
    rows: stages.map(({ policy, stage, mode, servers, ...minutes }) => [
      policy,
      stage,
      mode === 'report' ? 'nothing (report only)' : minutesWords(minutes),
      ...servers.map(formatCount),
    ]),
    empty: 'no policy decides for any server.',
  };
}

function serversTable({ servers }: ForecastReport, maxServers: number): ReportTable {
  const shown = servers.slice(0, maxServers);
  return {
    title: partOf('Servers', shown.length, servers.length),
    columns: [
      { name: 'server' },
      { name: 'version' },
      { name: 'policy' },
      { name: 'now' },
      { name: 'next stages' },
      { name: 'refused from' },
      { name: 'blocked from' },
      { name: 'messages at risk', isNumber: true },
    ],
    rows: shown.map(serverRow),
    empty: 'no policy and no exemption decides for any.',
  };
}

function serverRow({ server, connector, version, spans, messagesAtRisk }: ServerForecast): string[] {
  const [now, ...next] = spans;
  const policy = spans.find((span) => span.policy !== undefined)?.policy;
  return [
    `${server} (${connector})`,
    version ?? 'not known',
    policy ?? '',
    now === undefined ? '' : treatmentWords(now),
    nextWords(next, policy),
    entryWords(spans, isRefusing),
    entryWords(spans, isBlocking),
    messagesAtRisk === undefined ? 'not known' : formatCount(Math.round(messagesAtRisk)),
  ];
}

function nextWords(next: readonly ForecastSpan[], policy: string | undefined): string {
  const words = next.slice(0, MAX_NEXT_STAGES).map((span) => {
    const other = span.policy === undefined || span.policy === policy ? '' : `${span.policy}, `;
    return `${dayWords(span.from)} ${other}${treatmentWords(span)}`;
  });
  const more = next.length - words.length;
  return [...words, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join('; ');
}

function entryWords(spans: readonly ForecastSpan[], isWanted: (span: ForecastSpan) => boolean): string {
  const entry = entryOf(spans, isWanted);
  return entry === undefined ? '' : entry === spans[0]?.from ? 'now' : instantWords(entry);
}

/** The day alone: the instants are in the other columns, and all of them in JSON, CSV and the calendar. */
function dayWords(instant: EpochMillis): string {
  return formatInstant(instant).slice(0, DAY_LENGTH);
}
