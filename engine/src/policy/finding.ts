import { headOf, type SourceRange, type SourceSpan } from './source.js';

/** From the worst on. An `error` keeps a policy set from being loaded; `info` asks for nothing. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something to tell about a policy file. */
export interface Finding {
  /** Path relative to the policy folder, with `/`. */
  readonly file: string;
  readonly range: SourceRange;
  readonly severity: Severity;
  readonly code: FindingCode;
  /** What is wrong and what was expected. */
  readonly message: string;
  /** What to do, or the nearest right word. */
  readonly hint?: string;
  /** Sets it right, where one change of this file does so for certain or most likely. */
  readonly fix?: Fix;
  /** Other places that it is about. */
  readonly related?: readonly RelatedPlace[];
  /** The required key that the map at this place does not have. */
  readonly missingKey?: string;
}

/** A text of the file, quotes included, that is to stand in the place of another one. */
export interface Fix {
  readonly range: SourceRange;
  readonly text: string;
}

/** Another place that a finding is about, and what stands there. */
export interface RelatedPlace extends SourceSpan {
  readonly message: string;
}

/** What only some findings have. */
export type FindingDetails = Pick<Finding, 'fix' | 'related' | 'missingKey'>;

/** All codes with their severity. Codes are stable: programs and suppressions rely on them. One entry each in docs/findings.md. */
export const FINDING_SEVERITIES = {
  'file-unreadable': 'error',
  'file-encoding': 'error',
  'file-kind-unknown': 'warning',
  'yaml-syntax': 'error',
  'document-limits': 'error',
  'key-unknown': 'error',
  'key-duplicate': 'error',
  'key-missing': 'error',
  'type-wrong': 'error',
  'value-unknown': 'error',
  'value-out-of-range': 'error',
  'list-empty': 'error',
  'name-syntax': 'error',
  'name-duplicate': 'error',
  'duration-syntax': 'error',
  'instant-syntax': 'error',
  'rate-syntax': 'error',
  'network-syntax': 'error',
  'domain-syntax': 'error',
  'regex-syntax': 'error',
  'version-unquoted': 'error',
  'version-range-syntax': 'error',
  'version-range-empty': 'error',
  'build-unknown': 'error',
  'build-duplicate': 'error',
  'build-unlisted': 'warning',
  'product-overlap': 'error',
  'fact-unknown': 'error',
  'operator-unknown': 'error',
  'operator-misfit': 'error',
  'condition-shape': 'error',
  'condition-empty': 'error',
  'condition-value': 'error',
  'condition-path': 'error',
  'condition-unknown': 'error',
  'condition-cycle': 'error',
  'connector-unknown': 'error',
  'connector-open': 'error',
  'connector-overlap': 'error',
  'invariant-shape': 'error',
  'test-shape': 'error',
  'test-fact': 'error',
  'interval-empty': 'error',
  'stage-first': 'error',
  'stage-order': 'error',
  'stage-unknown': 'error',
  'window-too-long': 'error',
  'reply-syntax': 'error',
  'reply-line-break': 'error',
  'reply-not-ascii': 'error',
  'reply-too-long': 'error',
  'reply-code': 'error',
  'reply-status-class': 'error',
  'reply-placeholder': 'error',
  'policy-conflict': 'error',
  'policy-unmatchable': 'warning',
  'policy-shadowed': 'warning',
  'newer-build-worse': 'warning',
  'build-uncovered': 'info',
  'analysis-incomplete': 'info',
  'invariant-violated': 'error',
  'invariant-undecided': 'warning',
  'exemption-expired': 'warning',
  'exemption-expires-soon': 'warning',
  'exemption-idle': 'warning',
  'stage-unreachable': 'warning',
  'severity-falls': 'warning',
  'throttle-without-block': 'warning',
  'reply-minutes': 'warning',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof FINDING_SEVERITIES;

/** Makes a finding; its severity follows from its code. */
export function finding(
  code: FindingCode,
  at: { readonly file: string; readonly range: SourceRange },
  message: string,
  hint?: string,
  details: FindingDetails = {},
): Finding {
  const { file, range } = at;
  const severity = FINDING_SEVERITIES[code];
  return { file, range, severity, code, message, ...(hint === undefined ? {} : { hint }), ...details };
}

/** The details of a finding that may have a fix. */
export function fixed(fix: Fix | undefined): FindingDetails {
  return fix === undefined ? {} : { fix };
}

/** The details of a finding that is about another place too. */
export function relatedTo(place: SourceSpan, message: string): FindingDetails {
  return { related: [{ ...headOf(place), message }] };
}

/** The finding with other paths of files. */
export function withPaths(found: Finding, pathOf: (file: string) => string): Finding {
  const related = found.related?.map((place) => ({ ...place, file: pathOf(place.file) }));
  return { ...found, file: pathOf(found.file), ...(related === undefined ? {} : { related }) };
}

/** Sorts by file, then by place, then by code, so that the order does not depend on that of the checks. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.column - b.range.start.column ||
      compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
