import picocolors from 'picocolors';
import type { Finding, Severity } from '../policy/finding.js';
import type { SourceRange, SourceSpan } from '../policy/source.js';
import { gitHubCommand } from './github-command.js';

/** How findings can be printed. */
export const FINDING_FORMATS = ['pretty', 'json', 'sarif', 'github'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

export interface FindingsPrintOptions {
  readonly colours: boolean;
  /** Version of Sluice, for SARIF. */
  readonly version: string;
  /** Files that were checked. */
  readonly files: number;
}

/** Prints findings; all formats count lines and columns from 1. */
export function formatFindings(
  format: FindingFormat,
  findings: readonly Finding[],
  options: FindingsPrintOptions,
): string {
  switch (format) {
    case 'pretty':
      return pretty(findings, options);
    case 'json':
      return `${JSON.stringify(findings, null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarif(findings, options.version), null, 2)}\n`;
    case 'github':
      return findings.map(gitHubAnnotation).join('');
  }
}

function pretty(findings: readonly Finding[], { colours, files }: FindingsPrintOptions): string {
  const paint = picocolors.createColors(colours);
  const lines = findings.map(({ file, range: { start }, severity, code, message, hint }) => {
    const label = { error: paint.red, warning: paint.yellow, info: paint.cyan }[severity](severity);
    const place = paint.bold(`${file}:${start.line}:${start.column}`);
    const help = hint === undefined ? '' : `\n    ${paint.dim(hint)}`;
    return `${place}: ${label}: ${message} ${paint.dim(`[${code}]`)}${help}\n`;
  });
  const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
  const errors = count('error');
  const infos = count('info');
  const counts = [
    counted(errors, 'error'),
    counted(count('warning'), 'warning'),
    ...(infos > 0 ? [counted(infos, 'info')] : []),
  ];
  const summary = `${counted(files, 'file')} checked: ${counts.join(', ')}.\n`;
  return lines.join('') + (errors > 0 ? paint.red(summary) : paint.green(summary));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function gitHubAnnotation({ file, range: { start, end }, severity, code, message, hint }: Finding): string {
  return gitHubCommand(GITHUB_COMMANDS[severity], hint === undefined ? message : `${message} ${hint}`, {
    file,
    line: start.line,
    endLine: end.line,
    ...(start.line === end.line ? { col: start.column, endColumn: end.column } : { col: start.column }),
    title: code,
  });
}

const GITHUB_COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  string
>;

/** The levels of a result, SARIF 2.1.0 §3.27.10. */
const SARIF_LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** SARIF 2.1.0, which code scanning of GitHub and others reads. */
function sarif(findings: readonly Finding[], version: string): object {
  const codes = [...new Set(findings.map((each) => each.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', version, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((each) => ({
          ruleId: each.code,
          ruleIndex: codes.indexOf(each.code),
          level: SARIF_LEVELS[each.severity],
          message: { text: each.hint === undefined ? each.message : `${each.message} ${each.hint}` },
          locations: [{ physicalLocation: sarifPlace(each) }],
          ...sarifRelated(each),
          ...sarifFixes(each),
        })),
      },
    ],
  };
}

function sarifPlace({ file, range }: SourceSpan): object {
  return { artifactLocation: sarifFile(file), region: sarifRegion(range) };
}

function sarifFile(file: string): object {
  return { uri: file.split('/').map(encodeURIComponent).join('/') };
}

function sarifRegion({ start, end }: SourceRange): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** The other places of a result, SARIF 2.1.0 §3.27.22. */
function sarifRelated({ related }: Finding): object {
  const places = related?.map((place, id) => ({
    id,
    message: { text: place.message },
    physicalLocation: sarifPlace(place),
  }));
  return places === undefined ? {} : { relatedLocations: places };
}

/** What sets a result right, SARIF 2.1.0 §3.27.30 and §3.55. */
function sarifFixes({ file, fix }: Finding): object {
  if (fix === undefined) return {};
  const replacement = { deletedRegion: sarifRegion(fix.range), insertedContent: { text: fix.text } };
  return { fixes: [{ artifactChanges: [{ artifactLocation: sarifFile(file), replacements: [replacement] }] }] };
}
