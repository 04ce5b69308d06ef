import { type DocumentNode, partOfText } from './document-node.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import type { SourceSpan } from './source.js';

/** Collects the findings of a check. */
export class Report {
  readonly findings: Finding[] = [];

  add(code: FindingCode, at: SourceSpan, message: string, hint?: string): void {
    this.findings.push(finding(code, at, message, hint));
  }

  /** Adds a finding for a part of a text scalar, else for the whole of it. */
  addAt(
    node: DocumentNode,
    problem: {
      readonly code: FindingCode;
      readonly message: string;
      readonly hint?: string | undefined;
      readonly offset?: number | undefined;
      readonly length?: number | undefined;
    },
  ): void {
    const { code, message, hint, offset, length } = problem;
    this.add(code, offset === undefined ? node : partOfText(node, offset, length ?? 1), message, hint);
  }
}
