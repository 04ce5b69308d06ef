import type { DecideResult } from './decide-benchmark.js';
import type { EditorFigures } from './editor-benchmark.js';
import { formatMebioctets, formatMillis, formatRatio } from './format-figure.js';
import type { ReplayResult } from './replay-benchmark.js';
import { figuresOf, speedRatio } from './report-decisions.js';
import { editorLead } from './report-editor.js';
import { requestRatio } from './report-others.js';
import { replaySpeed } from './report-replay.js';
import { type ReportTable, table } from './report-table.js';
import type { BenchResults } from './results.js';

/** A figure that Sluice wants to reach. */
interface Goal {
  readonly name: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** The goals that this run can judge. */
export function goalsTable(results: BenchResults): ReportTable {
  const rows = goalsOf(results).map(({ name, wanted, measured, isMet }) => [
    name,
    wanted,
    measured,
    isMet ? 'met' : 'missed',
  ]);
  return table('Goals', ['figure', 'wanted', 'measured', ''], rows);
}

function goalsOf({ decide, compile, reload, postfix, replay, editor, settings }: BenchResults): Goal[] {
  const goals: Goal[] = [];
  const largest = Math.max(...settings.sizes);
  if (decide !== undefined) goals.push(...decideGoals(decide, settings.sizes));
  for (const each of compile ?? []) {
    if (each.size !== largest) continue;
    const name = `compile ${largest} policies, ${each.population}`;
    goals.push(atMost(name, Math.max(each.firstMillis, each.againMillis), 2000, formatMillis));
    goals.push(atMost(`memory of ${largest} policies, ${each.population}`, each.heldOctets, 200e6, formatMebioctets));
  }
  if (reload !== undefined) {
    const name = `longest pause by a reload of ${reload.policies} policies`;
    goals.push(atMost(name, reload.reloadPauseMillis, 20, formatMillis));
  }
  for (const sluice of postfix?.figures ?? []) {
    if (sluice.responder !== 'sluice') continue;
    const ratio = requestRatio(postfix?.figures ?? [], sluice);
    goals.push(
      atLeast(`Postfix, ${sluice.transport}, connections: ${sluice.connections}, Sluice / bare Node`, ratio, 0.9),
    );
  }
  for (const each of replay ?? []) goals.push(...replayGoals(each));
  if (editor !== undefined) goals.push(...editorGoals(editor));
  return goals;
}

function replayGoals(replay: ReplayResult): Goal[] {
  const name = `replay of ${replay.log}, ${replay.policies} policies`;
  return [
    atLeast(`${name}: speed / bare loop`, replaySpeed(replay), replay.log === 'JSON Lines' ? 1 : 0.5),
    atMost(`${name}: memory`, replay.peakOctets, 300e6, formatMebioctets),
  ];
}

function editorGoals(editor: readonly EditorFigures[]): Goal[] {
  return editor.flatMap(({ server, policies, diagnosticsMillis, exactMillis }) => {
    if (server !== 'sluice') return [];
    const [diagnostics, completion] = editorLead(editor, policies);
    const goals = [
      atLeast(`editor, ${policies} policies: diagnostics p95, yaml-language-server / Sluice`, diagnostics, 1),
      atLeast(`editor, ${policies} policies: completion p95, yaml-language-server / Sluice`, completion, 1),
    ];
    if (policies < 1000 || exactMillis === undefined) return goals;
    const later = exactMillis[1] - diagnosticsMillis[1];
    return [
      ...goals,
      atMost(`editor, ${policies} policies: keystroke to diagnostics, p95`, diagnosticsMillis[1], 50, formatMillis),
      atMost(`editor, ${policies} policies: exact findings later by`, later, 500, formatMillis),
    ];
  });
}

function decideGoals({ limit, peers }: DecideResult, sizes: readonly number[]): Goal[] {
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  const speed = (population: 'laned' | 'hard', size: number) => figuresOf(limit, 'sluice', population, size);
  const goals = sizes.map((size) => {
    const index = figuresOf(limit, 'hand-written index', 'laned', size);
    return atLeast(`laned, ${size}: Sluice / hand-written index`, speedRatio(speed('laned', size), index), 0.5);
  });
  const slower = speedRatio(speed('laned', smallest), speed('laned', largest));
  goals.push(atMost(`laned: times slower from ${smallest} to ${largest}`, slower, 2, formatRatio));
  const harder = speedRatio(speed('laned', largest), speed('hard', largest));
  goals.push(atMost(`times slower from laned to hard at ${largest}`, harder, 4, formatRatio));
  const leads = peers
    .filter((each) => each.contender !== 'sluice' && each.skipped === undefined)
    .map((peer) => speedRatio(figuresOf(peers, 'sluice', peer.population, peer.size), peer));
  goals.push(atLeast('Sluice / fastest peer, worst size and population', Math.min(...leads), 1));
  return goals;
}

function atLeast(name: string, value: number, least: number): Goal {
  return { name, wanted: `≥ ${least}`, measured: formatRatio(value), isMet: value >= least };
}

function atMost(name: string, value: number, most: number, format: (value: number) => string): Goal {
  return { name, wanted: `≤ ${format(most)}`, measured: format(value), isMet: value <= most };
}
