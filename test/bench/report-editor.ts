import type { EditorFigures } from './editor-benchmark.js';
import { formatMebioctets, formatMillis, formatRatio, formatWhole } from './format-figure.js';
import { type ReportTable, table } from './report-table.js';

/** Time from keystrokes to answers, ours beside yaml-language-server's. */
export function editorTable(figures: readonly EditorFigures[]): ReportTable {
  const rows = figures.map(({ server, policies, diagnosticsMillis, exactMillis, completionMillis, residentOctets }) => [
    formatWhole(policies),
    server,
    pair(diagnosticsMillis),
    exactMillis === undefined ? '–' : pair(exactMillis),
    pair(completionMillis),
    formatMebioctets(residentOctets),
  ]);
  const head = ['policies', 'server', 'keystroke to diagnostics', 'to exact findings', 'completion', 'memory'];
  return table('Language server (p50 / p95)', head, rows);
}

/** How many times as fast ours is at a size, by p95: diagnostics and completion. */
export function editorLead(figures: readonly EditorFigures[], policies: number): readonly [number, number] {
  const of = (server: EditorFigures['server']) =>
    figures.find((each) => each.server === server && each.policies === policies);
  const [ours, theirs] = [of('sluice'), of('yaml-language-server')];
  if (ours === undefined || theirs === undefined) return [Number.NaN, Number.NaN];
  return [
    theirs.diagnosticsMillis[1] / ours.diagnosticsMillis[1],
    theirs.completionMillis[1] / ours.completionMillis[1],
  ];
}

function pair([p50, p95]: readonly [number, number]): string {
  return p50 === p95 ? formatRatio(p50) : `${formatMillis(p50)} / ${formatMillis(p95)}`;
}
