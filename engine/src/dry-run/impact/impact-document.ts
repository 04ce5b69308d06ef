import type { Action } from '../../decision/decision.js';
import { changeWords } from '../../decision/diff/change-words.js';
import { buildsWords, decidersWords, whereWords } from '../../decision/diff/difference-words.js';
import { CUT_WORDS, equivalentWords } from '../../decision/diff/format-diff-text.js';
import { logNotes } from '../report/log-notes.js';
import {
  type BarChart,
  type ChartTone,
  counted,
  formatCount,
  instantWords,
  partOf,
  type ReportDocument,
  type ReportTable,
} from '../report/report-document.js';
import type { ImpactReport, RegionTraffic, ServerChange, Transition } from './impact-report.js';

/** Servers that are drawn. */
const MAX_DRAWN_SERVERS = 20;
const ACTIONS = ['accept', 'throttle', 'block'] as const satisfies readonly Action[];

/** An impact as a document. @param maxServers how many servers the table shows */
export function impactDocument(report: ImpactReport, maxServers: number): ReportDocument {
  return {
    title: 'What the change would have done',
    summary: [...summaryOf(report)],
    charts: [transitionsChart(report), serversChart(report)],
    tables: [transitionsTable(report), regionsTable(report), serversTable(report, maxServers)],
    notes: [...notesOf(report), ...logNotes(report.logs)],
  };
}

function* summaryOf(report: ImpactReport): Generator<string> {
  const { names, revisions, records, changed, servers, regions, from, until } = report;
  if (report.equivalent) yield equivalentWords(names);
  const span = from === undefined || until === undefined ? '' : ` from ${instantWords(from)} to ${instantWords(until)}`;
  const refused = { before: refusedIn(report, 'before'), after: refusedIn(report, 'after') };
  yield `Of ${counted(records, 'record')}${span}, ${formatCount(changed)} would have been decided otherwise, of ${counted(servers.length, 'server')}; refused ${formatCount(refused.before)} before the change, ${formatCount(refused.after)} after it.`;
  const untouched = regions.filter(({ connections, messages }) => connections + messages === 0).length;
  if (regions.length > 0) {
    yield `The two differ in ${counted(regions.length, 'region')} of facts and time; ${untouched === 0 ? 'these logs have traffic in all of them' : `of ${untouched === regions.length ? 'them all' : `${formatCount(untouched)} of them`} these logs have no traffic, and cannot show what the change does there`}.`;
  }
  yield `Before: ${names.before}, revision ${revisions.before}. After: ${names.after}, revision ${revisions.after}.`;
  if (report.isCut) yield CUT_WORDS;
}

function refusedIn({ transitions }: ImpactReport, side: 'before' | 'after'): number {
  return transitions.reduce((sum, each) => sum + (each[side] === 'accept' ? 0 : each.records), 0);
}

const TONES: Readonly<Record<Action, ChartTone>> = { accept: 'accept', throttle: 'throttle', block: 'block' };
const NAMES: Readonly<Record<Action, string>> = { accept: 'accepted', throttle: '450', block: '550' };
const SERIES: BarChart['series'] = ACTIONS.map((action) => ({ name: NAMES[action], tone: TONES[action] }));

function transitionsChart({ transitions }: ImpactReport): BarChart {
  const valuesOf = (side: 'before' | 'after') =>
    ACTIONS.map((action) => sumOf(transitions, (each) => each[side] === action));
  const bars = [
    { label: 'before', values: valuesOf('before') },
    { label: 'after', values: valuesOf('after') },
  ];
  return { title: 'Records before and after the change', layout: 'rows', unit: 'records', series: SERIES, bars };
}

function sumOf(transitions: readonly Transition[], isWanted: (each: Transition) => boolean): number {
  return transitions.filter(isWanted).reduce((sum, { records }) => sum + records, 0);
}

function serversChart({ servers }: ImpactReport): BarChart {
  const bars = servers.slice(0, MAX_DRAWN_SERVERS).map(({ server, changed }) => ({ label: server, values: [changed] }));
  const series: BarChart['series'] = [{ name: 'decided otherwise', tone: 'neutral' }];
  return { title: 'Servers that the change reaches most', layout: 'rows', unit: 'records', series, bars };
}

function transitionsTable({ transitions }: ImpactReport): ReportTable {
  return {
    title: 'Decisions before and after',
    columns: [
      { name: 'before \\ after' },
      ...ACTIONS.map((action) => ({ name: NAMES[action], isNumber: true as const })),
    ],
    rows: ACTIONS.map((before) => [
      NAMES[before],
      ...ACTIONS.map((after) =>
        formatCount(sumOf(transitions, (each) => each.before === before && each.after === after)),
      ),
    ]),
    empty: 'none.',
  };
}

function regionsTable({ regions }: ImpactReport): ReportTable {
  return {
    title: 'Regions in which the two differ',
    columns: [
      { name: 'where' },
      { name: 'what changes' },
      { name: 'decided by' },
      { name: 'servers', isNumber: true },
      { name: 'connections', isNumber: true },
      { name: 'messages', isNumber: true },
      { name: 'decided otherwise', isNumber: true },
    ],
    rows: regions.map(regionRow),
    empty: 'none: the two are equivalent.',
  };
}

function regionRow({ difference, servers, connections, messages, changed }: RegionTraffic): string[] {
  const builds = buildsWords(difference.region);
  const where = [whereWords(difference.region), ...(builds === undefined ? [] : [builds])].join('; ');
  const changes = difference.changes.map(changeWords).join('; ');
  const deciders = decidersWords(difference)
    .map(([name, text]) => (name === 'decided by' ? text : `${name.replace('decided ', '')} ${text}`))
    .join('; ');
  const counts =
    connections + messages === 0
      ? ['no traffic', '', '', '']
      : [servers, connections, messages, changed].map((count) => formatCount(count));
  return [where, changes, deciders, ...counts];
}

function serversTable({ servers }: ImpactReport, maxServers: number): ReportTable {
  const shown = servers.slice(0, maxServers);
  return {
    title: partOf('Servers', shown.length, servers.length),
    columns: [
      { name: 'server' },
      { name: 'version' },
      { name: 'last, before' },
      { name: 'last, after' },
      { name: 'refused before', isNumber: true },
      { name: 'refused after', isNumber: true },
      { name: 'decided otherwise', isNumber: true },
      { name: 'first' },
      { name: 'last' },
    ],
    rows: shown.map(serverRow),
    empty: 'none is decided otherwise.',
  };
}

function serverRow(each: ServerChange): string[] {
  return [
    `${each.server === '' ? 'not known' : each.server} (${each.connector})`,
    each.version ?? 'not known',
    treatmentWords(each.last.before),
    treatmentWords(each.last.after),
    formatCount(each.refusals.before),
    formatCount(each.refusals.after),
    formatCount(each.changed),
    instantWords(each.firstChange),
    instantWords(each.lastChange),
  ];
}

function treatmentWords({ action, policy, stage }: ServerChange['last']['after']): string {
  const why = [policy, stage].filter((part) => part !== undefined).join(', ');
  return why === '' ? NAMES[action] : `${NAMES[action]} (${why})`;
}

function* notesOf({ servers, changedByHistory }: ImpactReport): Generator<string> {
  if (servers.length > 0) yield 'Refusals of a server are counted from its first record that is decided otherwise.';
  if (changedByHistory > 0) {
    yield `${counted(changedByHistory, 'record')} outside all regions were decided otherwise, since the change had reached the clock of their server, or a server behind the same peer, before.`;
  }
}
