import { goalsTable } from './goals.js';
import { decisionTables } from './report-decisions.js';
import { editorTable } from './report-editor.js';
import { compileTable, postfixTable, reloadTable } from './report-others.js';
import { replayTable } from './report-replay.js';
import { formatTable, markdownTable, type ReportTable } from './report-table.js';
import type { BenchResults } from './results.js';

/** All tables of a run as text. */
export function formatReport(results: BenchResults): string {
  return [`${headOf(results)}\n`, ...tablesOf(results).map(formatTable), ...notesOf(results)].join('\n');
}

/** All tables of a run in Markdown. */
export function markdownReport(results: BenchResults): string {
  return [`${headOf(results)}.\n`, ...tablesOf(results).map(markdownTable), ...notesOf(results)].join('\n');
}

function headOf({ machine, settings }: BenchResults): string {
  const { processors, model, platform, node } = machine;
  const rounds = `medians of ${settings.rounds} rounds`;
  return `${processors} × ${model}, ${platform}, Node ${node}; setting ${settings.name}, ${rounds}`;
}

function tablesOf(results: BenchResults): ReportTable[] {
  const { decide, compile, reload, postfix, replay, editor } = results;
  return [
    goalsTable(results),
    ...(decide === undefined ? [] : decisionTables(decide)),
    ...(compile === undefined ? [] : [compileTable(compile)]),
    ...(reload === undefined ? [] : [reloadTable(reload)]),
    ...(postfix === undefined ? [] : [postfixTable(postfix)]),
    ...(replay === undefined ? [] : [replayTable(replay)]),
    ...(editor === undefined ? [] : [editorTable(editor)]),
  ];
}

function notesOf({ postfix }: BenchResults): string[] {
  return (postfix?.skipped ?? []).map((reason) => `Left out: ${reason}.\n`);
}
