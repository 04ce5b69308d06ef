import { formatDuration } from '../../policy/duration.js';
import type { EpochMillis } from '../../policy/instant.js';
import { logNotes } from '../report/log-notes.js';
import {
  type BarChart,
  counted,
  formatCount,
  instantWords,
  partOf,
  type ReportDocument,
  type ReportTable,
} from '../report/report-document.js';
import type { ActionCounts, PolicyReport, ReplayReport, ServerReport } from './replay-report.js';

const DAY_LENGTH = '2026-01-01'.length;
/** Servers that are drawn. */
const MAX_DRAWN_SERVERS = 20;

/** A replay as a document. @param maxServers how many servers the table shows */
export function replayDocument(report: ReplayReport, maxServers: number): ReportDocument {
  return {
    title: 'What the policies would have done',
    summary: [...summaryOf(report)],
    charts: [daysChart(report), serversChart(report)],
    tables: [policiesTable(report.policies), connectorsTable(report), serversTable(report.servers, maxServers)],
    notes: [...notesOf(report), ...logNotes(report.logs)],
  };
}

function* summaryOf(report: ReplayReport): Generator<string> {
  const { records, from, until, logs, shift, revision } = report;
  if (records === 0 || from === undefined || until === undefined) {
    yield `The logs hold no connection and no message that could be decided again (${counted(logs.lines, 'line')} read).`;
    return;
  }
  const { accept, throttle, block, awaitHeaders } = report;
  yield `Of ${counted(records, 'record')}, ${formatCount(accept)} would have been accepted (${share(accept, records)}), ${formatCount(throttle)} throttled with 450 (${share(throttle, records)}) and ${formatCount(block)} blocked with 550 (${share(block, records)}).`;
  const refused = report.servers.filter((server) => server.throttle + server.block > 0).length;
  yield `${counted(refused, 'server')} would have been refused at least once, of ${formatCount(report.servers.length)} for which a policy or an exemption decided.`;
  yield `The records run from ${instantWords(from)} to ${instantWords(until)}${shift === 0 ? '' : `, the log's clock moved by ${formatDuration(shift)}`}; policies: revision ${revision}.`;
  if (awaitHeaders > 0) {
    yield `${counted(awaitHeaders, 'connection')} among the accepted would have been decided by their headers.`;
  }
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

const SERIES: BarChart['series'] = [
  { name: 'accepted', tone: 'accept' },
  { name: '450', tone: 'throttle' },
  { name: '550', tone: 'block' },
];

function valuesOf({ accept, throttle, block }: ActionCounts): readonly number[] {
  return [accept, throttle, block];
}

function daysChart({ days }: ReplayReport): BarChart {
  const bars = days.map((day) => ({ label: instantWords(day.day).slice(0, DAY_LENGTH), values: valuesOf(day) }));
  return { title: 'Records by day', layout: 'columns', unit: 'records', series: SERIES, bars };
}

function serversChart({ servers }: ReplayReport): BarChart {
  const refused = servers.filter(({ throttle, block }) => throttle + block > 0).slice(0, MAX_DRAWN_SERVERS);
  const bars = refused.map((server) => ({ label: server.server, values: valuesOf(server) }));
  return { title: 'Servers with most refusals', layout: 'rows', unit: 'records', series: SERIES, bars };
}

function policiesTable(policies: readonly PolicyReport[]): ReportTable {
  return {
    title: 'Policies',
    columns: [
      { name: 'policy' },
      { name: 'stage' },
      { name: 'servers', isNumber: true },
      { name: 'accepted', isNumber: true },
      { name: '450', isNumber: true },
      { name: '550', isNumber: true },
      { name: 'place' },
    ],
    rows: policies.flatMap(policyRows),
    empty: 'none decided.',
  };
}

function policyRows(policy: PolicyReport): string[][] {
  const place = policy.source === undefined ? '' : `${policy.source.file}:${policy.source.line}`;
  const name =
    policy.kind === 'none' ? 'no policy matches' : policy.kind === 'policy' ? policy.name : `exemption ${policy.name}`;
  const mode = policy.mode === 'report' ? ` (report only: would refuse ${formatCount(policy.wouldRefuse)})` : '';
  const servers = policy.kind === 'none' ? '' : formatCount(policy.servers);
  const first = [`${name}${mode}`, '', servers, ...countTexts(policy), place];
  if (policy.stages.length <= 1) return [first.with(1, policy.stages[0]?.stage ?? '')];
  return [first, ...policy.stages.map((stage) => ['', stage.stage, '', ...countTexts(stage), ''])];
}

function countTexts(counts: ActionCounts): string[] {
  return valuesOf(counts).map(formatCount);
}

function connectorsTable({ connectors }: ReplayReport): ReportTable {
  return {
    title: 'Connectors',
    columns: [
      { name: 'connector' },
      { name: 'accepted', isNumber: true },
      { name: '450', isNumber: true },
      { name: '550', isNumber: true },
    ],
    rows: connectors.map((each) => [each.connector, ...countTexts(each)]),
    empty: 'no record came over any.',
  };
}

function serversTable(servers: readonly ServerReport[], maxServers: number): ReportTable {
  const shown = servers.slice(0, maxServers);
  return {
    title: partOf('Servers', shown.length, servers.length),
    columns: [
      { name: 'server' },
      { name: 'version' },
      { name: 'policy, stage' },
      { name: 'first detected' },
      { name: 'first refusal' },
      { name: 'refused connections', isNumber: true },
      { name: 'refused messages', isNumber: true },
      { name: 'longest delay', isNumber: true },
      { name: 'lost', isNumber: true },
    ],
    rows: shown.map(serverRow),
    empty: 'no policy and no exemption decided for any.',
  };
}

function serverRow(each: ServerReport): string[] {
  const why = each.exemption === undefined ? [each.policy, each.stage] : [`exemption ${each.exemption}`];
  return [
    `${each.server === '' ? 'not known' : each.server} (${each.connector})`,
    each.version ?? 'not known',
    why.filter((part) => part !== undefined).join(', '),
    instantText(each.firstDetected),
    instantText(each.firstRefusal),
    formatCount(each.refusedConnections),
    formatCount(each.refusedMessages),
    each.longestDelay === undefined ? '' : formatDuration(each.longestDelay),
    each.lostAfterRetry === 0 ? '' : formatCount(each.lostAfterRetry),
  ];
}

function instantText(instant: EpochMillis | undefined): string {
  return instant === undefined ? '' : instantWords(instant);
}

function* notesOf({ servers }: ReplayReport): Generator<string> {
  if (servers.every(({ throttle }) => throttle === 0)) return;
  yield 'Longest delay: of a throttled message whose sender tries again as its kind does (Exchange: six times every 5 minutes, then every 10; others as Postfix: 5, 10, 20, 40 minutes, then every 67). Lost: throttled messages that such a retry brings into the minutes of 550.';
}
