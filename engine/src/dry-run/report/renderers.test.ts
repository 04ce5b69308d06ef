import { describe, expect, it } from 'vitest';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { renderText } from './render-text.js';
import type { ReportDocument } from './report-document.js';

const EVIL = '<script>alert(1)</script> | a&b "q" \u001b[31m';

const DOCUMENT: ReportDocument = {
  title: `Report of ${EVIL}`,
  summary: [`All of ${EVIL}`],
  charts: [
    {
      title: `Chart ${EVIL}`,
      layout: 'columns',
      unit: 'records',
      series: [
        { name: 'accepted', tone: 'accept' },
        { name: '450', tone: 'throttle' },
      ],
      bars: [
        { label: '2026-09-01', values: [3, 1] },
        { label: EVIL, values: [0, 0] },
      ],
    },
    {
      title: 'Servers',
      layout: 'rows',
      unit: 'records',
      series: [{ name: 'refused', tone: 'block' }],
      bars: [{ label: EVIL, values: [7] }],
    },
  ],
  tables: [
    {
      title: 'Table',
      columns: [{ name: 'server' }, { name: 'count', isNumber: true }],
      rows: [[EVIL, '1']],
      empty: 'none.',
    },
    { title: 'Nothing', columns: [{ name: 'server' }], rows: [], empty: 'no server.' },
  ],
  notes: [`Note ${EVIL}`],
};

describe('a report', () => {
  it('is text in which no name moves the cursor', () => {
    const text = renderText(DOCUMENT, false);
    expect(text).toContain('Nothing: no server.');
    expect(text).not.toContain('\u001b');
  });

  it('is Markdown in which no name is HTML or ends a cell', () => {
    const markdown = renderMarkdown(DOCUMENT);
    expect(markdown).not.toContain('<script>');
    const row = markdown.split('\n').find((line) => line.endsWith('| 1 |'));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(3);
    expect(markdown).toContain('**Nothing**: no server.');
  });

  it('is a page in which no name is HTML, and which needs nothing from elsewhere', () => {
    const page = renderHtml(DOCUMENT);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<rect class="throttle"/g)).toHaveLength(1);
    expect(page.match(/<rect class="block"/g)).toHaveLength(1);
    expect(page).toContain('<p>no server.</p>');
  });
});
