import Table from 'cli-table3';
import type { ReportDocument, ReportTable } from './report-document.js';

/** A report for a terminal. @param colours whether heads may be bold */
export function renderText({ summary, tables, notes }: ReportDocument, colours: boolean): string {
  const parts = [lines(summary), ...tables.map((table) => tableText(table, colours))];
  if (notes.length > 0) parts.push(lines(notes));
  return `${parts.join('\n\n')}\n`;
}

function tableText({ title, columns, rows, empty }: ReportTable, colours: boolean): string {
  if (rows.length === 0) return `${title}: ${empty}`;
  const table = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: colours ? { head: ['bold'] } : { head: [], border: [] },
  });
  table.push(...rows.map((row) => row.map(withoutControls)));
  return `${title}\n${table.toString()}`;
}

function lines(texts: readonly string[]): string {
  return texts.map(withoutControls).join('\n');
}

/** Names come from the wire: none of them may move the cursor. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
