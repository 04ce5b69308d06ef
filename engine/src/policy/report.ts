import { type DocumentNode, partOfText } from './document-node.js';
import { type Finding, type FindingCode, type FindingDetails, type Fix, finding, fixed } from './finding.js';
import { rewriteScalar } from './rewrite-scalar.js';
import type { SourceSpan } from './source.js';

/** What is wrong with a value, or with a part of it. */
export interface ReportedProblem {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where the wrong part begins in the text; the whole value is wrong where absent. */
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  /** What is right instead of the wrong part. */
  readonly replacement?: string | undefined;
  /** What is right instead of the whole value, where only a part is wrong. */
  readonly rewritten?: string | undefined;
  /** Sets it right where neither of these does. */
  readonly fix?: Fix | undefined;
}

/** Collects the findings of a check. */
export class Report {
  readonly findings: Finding[] = [];

  add(code: FindingCode, at: SourceSpan, message: string, hint?: string, details?: FindingDetails): void {
    this.findings.push(finding(code, at, message, hint, details));
  }

  /** Adds a finding for a part of a text scalar, else for the whole of it. */
  addAt(node: DocumentNode, problem: ReportedProblem): void {
    const { code, message, hint, offset, length } = problem;
    const at = offset === undefined ? node : partOfText(node, offset, length ?? 1);
    this.add(code, at, message, hint, fixed(fixOf(node, problem)));
  }
}

function fixOf(node: DocumentNode, { offset, length, replacement, rewritten, fix }: ReportedProblem): Fix | undefined {
  if (rewritten !== undefined) return rewriteScalar(node, rewritten);
  return replacement === undefined ? fix : rewriteScalar(node, replacement, offset, length);
}
