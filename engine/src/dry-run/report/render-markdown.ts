import { escapeMarkdown } from '../../decision/diff/escape-markdown.js';
import type { ReportDocument, ReportTable } from './report-document.js';

/** A report as Markdown (GitHub's, which has tables). */
export function renderMarkdown({ title, summary, tables, notes }: ReportDocument): string {
  const parts = [
    `## ${escapeMarkdown(title)}`,
    ...summary.map(escapeMarkdown),
    ...tables.map(tableMarkdown),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function tableMarkdown({ title, columns, rows, empty }: ReportTable): string {
  if (rows.length === 0) return `**${escapeMarkdown(title)}**: ${escapeMarkdown(empty)}`;
  const lines = [
    columns.map(({ name }) => escapeMarkdown(name)),
    columns.map(({ isNumber }) => (isNumber ? '---:' : '---')),
    ...rows.map((row) => row.map(cell)),
  ];
  return `**${escapeMarkdown(title)}**\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}`;
}

function cell(text: string): string {
  return escapeMarkdown(text).replace(/\s+/g, ' ');
}
