import { columnsChartSvg, rowsChartSvg } from './bar-chart-svg.js';
import { escapeHtml } from './escape-html.js';
import type { BarChart, ReportDocument, ReportTable } from './report-document.js';

/** A report as one page that needs nothing else: no script, no font, nothing from the network. */
export function renderHtml({ title, summary, charts, tables, notes }: ReportDocument): string {
  const name = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${name}</h1>
${summary.map((text, index) => `<p${index === 0 ? ' class="lead"' : ''}>${escapeHtml(text)}</p>`).join('\n')}
${charts
  .filter(({ bars }) => bars.length > 0)
  .map(chartHtml)
  .join('\n')}
${tables.map(tableHtml).join('\n')}
${notes.length === 0 ? '' : `<section><h2>Notes</h2><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></section>`}
</main>
</body>
</html>
`;
}

function chartHtml(chart: BarChart): string {
  const legend = chart.series.map(({ name, tone }) => `<li class="${tone}">${escapeHtml(name)}</li>`).join('');
  return `<figure><figcaption>${escapeHtml(chart.title)}<ul class="legend">${legend}</ul></figcaption>${chart.layout === 'rows' ? rowsChartSvg(chart) : columnsChartSvg(chart)}</figure>`;
}

function tableHtml({ title, columns, rows, empty }: ReportTable): string {
  const heading = `<h2>${escapeHtml(title)}</h2>`;
  if (rows.length === 0) return `<section>${heading}<p>${escapeHtml(empty)}</p></section>`;
  const kind = columns.map(({ isNumber }) => (isNumber ? ' class="number"' : ''));
  const head = columns.map(({ name }, index) => `<th scope="col"${kind[index]}>${escapeHtml(name)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((text, index) => `<td${kind[index]}>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  return `<section>${heading}<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div></section>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6675; --line: #d7dde5; --paper: #fff; --band: #f5f7fa;
  --accept: #3f8f5f; --throttle: #d99a1c; --block: #c2402f; --neutral: #3b6ea8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #9aa6b5; --line: #384250; --paper: #151a21; --band: #1d242d;
  --accept: #55ab78; --throttle: #e3ad3d; --block: #e0604f; --neutral: #6c9bd1; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0 0 12px; } h2 { font-size: 18px; margin: 36px 0 10px; }
.lead { font-size: 18px; } figure { margin: 28px 0; } figcaption { font-weight: 600; margin-bottom: 8px; }
.legend { display: inline-flex; gap: 16px; list-style: none; margin: 0 0 0 16px; padding: 0; font-weight: 400; color: var(--dim); }
.legend li::before { content: ''; display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 2px; background: var(--tone); }
svg { width: 100%; height: auto; } .grid { stroke: var(--line); } .tick { fill: var(--dim); font-size: 12px; }
.accept { --tone: var(--accept); fill: var(--accept); } .throttle { --tone: var(--throttle); fill: var(--throttle); }
.block { --tone: var(--block); fill: var(--block); } .neutral { --tone: var(--neutral); fill: var(--neutral); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--dim); font-weight: 600; white-space: nowrap; } tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; white-space: nowrap; }
`;
