import { codeSpan, escapeMarkdown } from '../../decision/diff/escape-markdown.js';
import { formatDiffMarkdown } from '../../decision/diff/format-diff-markdown.js';
import { equivalentWords } from '../../decision/diff/format-diff-text.js';
import type { Finding } from '../../policy/finding.js';
import { impactDocument } from '../impact/impact-document.js';
import type { ImpactReport } from '../impact/impact-report.js';
import { nameOf, type TestResult } from '../policy-tests/test-result.js';
import { renderMarkdown } from '../report/render-markdown.js';
import { counted } from '../report/report-document.js';
import { passes, type Review } from './review.js';

/** The line, which nobody sees, by which the comment on a policy set is found again to be updated. */
export function reviewMarker(policies: string): string {
  return `<!-- sluice-review ${encodeURIComponent(policies).replaceAll('-', '%2D')} -->`;
}

/** Findings and failures that are told one by one. */
const MAX_TOLD = 30;
const MAX_SERVERS = 10;

/** A review as one comment in Markdown. */
export function reviewMarkdown(review: Review): string {
  const parts = [
    reviewMarker(review.names.after),
    `# ${passes(review) ? '✅' : '❌'} Review of policies: ${escapeMarkdown(review.names.before)} → ${escapeMarkdown(review.names.after)}`,
    ...findingsPart(review.findings),
    ...testsPart(review),
    ...diffPart(review),
    ...impactPart(review),
  ];
  return `${parts.join('\n\n')}\n`;
}

function findingsPart(findings: readonly Finding[]): string[] {
  const told = findings.filter(({ severity }) => severity !== 'info');
  const count = (severity: Finding['severity']) => findings.filter((each) => each.severity === severity).length;
  const counts = `**Check**: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}.`;
  const lines = told.map(({ severity, file, range, code, message, hint }) => {
    const place = `${file}:${range.start.line}:${range.start.column}`;
    const text = hint === undefined ? message : `${message} ${hint}`;
    return `- ${severity === 'error' ? '❌' : '⚠️'} ${codeSpan(place)} ${escapeMarkdown(text)} (${codeSpan(code)})`;
  });
  return [counts, ...cutList(lines)];
}

function testsPart({ tests, pathOf }: Review): string[] {
  if (tests === undefined) return [];
  if (tests.length === 0) return ['**Tests**: the policy set has none (`sluice test --generate` writes some).'];
  const failed = tests.filter(({ failures }) => failures.length > 0);
  const lines = failed.flatMap((result) => failureLines(result, pathOf));
  return [`**Tests**: ${tests.length - failed.length} of ${counted(tests.length, 'test')} pass.`, ...cutList(lines)];
}

function failureLines(result: TestResult, pathOf: Review['pathOf']): string[] {
  const { decider, failures } = result;
  const by = decider === undefined ? '' : `, decided at ${codeSpan(`${pathOf(decider.file)}:${decider.line}`)}`;
  return failures.map(({ part, expected, actual, place }) => {
    const where = `${pathOf(place.file)}:${place.line}:${place.column}`;
    return `- ❌ ${codeSpan(where)} ${escapeMarkdown(`${nameOf(result)}: ${part} was expected to be ${expected}, is ${actual}`)}${by}`;
  });
}

function diffPart({ diff, noDiff, names }: Review): string[] {
  if (diff === undefined) return noDiff === undefined ? [] : [`**Difference**: ${escapeMarkdown(noDiff)}`];
  if (diff.equivalent) return [`**Difference**: ${escapeMarkdown(equivalentWords(names))}`];
  const text = formatDiffMarkdown(diff, names).trimEnd();
  const end = text.indexOf('\n');
  return [
    `**Difference**: ${text.slice(0, end)}`,
    folded('Every region, with an example each', text.slice(end).trim()),
  ];
}

function impactPart({ impact }: Review): string[] {
  if (impact === undefined) return [];
  const markdown = renderMarkdown(impactDocument(withoutExcerpts(impact), MAX_SERVERS)).trimEnd();
  const [heading = '', summary = '', ...rest] = markdown.split('\n\n');
  return [heading, summary, folded('Regions, servers and what was read', rest.join('\n\n'))];
}

/** Lines of logs hold names of people, and a comment is for everybody. */
function withoutExcerpts({ logs, ...impact }: ImpactReport): ImpactReport {
  return { ...impact, logs: { ...logs, examples: logs.examples.map((each) => ({ ...each, excerpt: '…' })) } };
}

function cutList(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_TOLD ? [`- and ${lines.length - MAX_TOLD} more`] : [];
  return [[...lines.slice(0, MAX_TOLD), ...more].join('\n')];
}

function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
