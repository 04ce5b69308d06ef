import { epochMillis, parseInstant } from './instant.js';
import type { PolicySet } from './policy-set.js';
import { type PolicySetResult, readPolicySet } from './read-policy-set.js';

/** Texts of policy files by their paths; for tests. */
export type PolicyTexts = Readonly<Record<string, string>>;

/** The instant by which {@link readTexts} reads, where a test gives none. */
export const READING_TIME = instantOf('2026-09-08');

/** Reads policy files from texts. */
export function readTexts(texts: PolicyTexts, now = READING_TIME): PolicySetResult {
  const encoder = new TextEncoder();
  const files = Object.entries(texts).map(([path, text]) => ({ path, content: encoder.encode(text) }));
  return readPolicySet(files, now);
}

/** Reads policy files that have no errors; throws where they have. */
export function policySetOf(texts: PolicyTexts, now = READING_TIME): PolicySet {
  const { policySet, findings } = readTexts(texts, now);
  if (policySet === undefined) throw new Error(`the policy files have errors: ${JSON.stringify(findings, null, 1)}`);
  return policySet;
}

/** What reading policy files finds, as `file:line:column code`. */
export function findingsOf(texts: PolicyTexts, now = READING_TIME): string[] {
  return readTexts(texts, now).findings.map(
    ({ file, range, code }) => `${file}:${range.start.line}:${range.start.column} ${code}`,
  );
}

/** The instant of a text that is one; throws where it is none. */
export function instantOf(text: string) {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return epochMillis(instant);
}
