import { readFileSync, writeFileSync } from 'node:fs';
import { markdownReport } from './report.js';
import type { BenchResults } from './results.js';

const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';

/**
 * Replaces what stands between the marks `figures: begin` and `figures: end` in a Markdown file.
 *
 * @throws Error where the file lacks the marks
 */
export function replaceFigures(path: string, results: BenchResults): void {
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for figures: ${BEGIN} and ${END} were expected`);
  const before = text.slice(0, begin + BEGIN.length);
  writeFileSync(path, `${before}\n${markdownReport(results)}${text.slice(end)}`);
}
