import Table from 'cli-table3';

/** A table of texts. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Makes a table. */
export function table(title: string, head: readonly string[], rows: ReportTable['rows']): ReportTable {
  return { title, head, rows };
}

/** The table as text for a terminal, without colours. */
export function formatTable({ title, head, rows }: ReportTable): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return `${title}\n${drawn.toString()}\n`;
}

/** The table in Markdown. */
export function markdownTable({ title, head, rows }: ReportTable): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return `### ${title}\n\n${lines.join('')}`;
}
