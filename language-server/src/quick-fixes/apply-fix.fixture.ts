import { checkPolicySet } from '@sluice/engine/decision/check-policies.js';
import type { Finding } from '@sluice/engine/policy/finding.js';
import { changed } from '../edits/text-change.js';
import { inSet, NOW } from '../workspace/document.fixture.js';
import { fixesOf } from './propose-fixes.js';

export type Texts = Readonly<Record<string, string>>;

/** A fix that is proposed for a finding, and the files after it. */
export interface AppliedFix {
  readonly finding: Finding;
  readonly title: string;
  readonly isPreferred: boolean;
  readonly texts: Texts;
}

/** What `sluice check` tells of files with these texts. */
export function findingsIn(texts: Texts): readonly Finding[] {
  const encoder = new TextEncoder();
  const files = Object.entries(texts).map(([path, text]) => ({ path, content: encoder.encode(text) }));
  return checkPolicySet(files, NOW).findings;
}

/** Every fix that is proposed for findings of a code, each made alone. */
export function appliedFixes(texts: Texts, code: string): AppliedFix[] {
  return findingsIn(texts)
    .filter((finding) => finding.code === code)
    .flatMap((finding) =>
      fixesOf(inSet(texts, finding.file), finding).map(({ title, isPreferred, changes }) => {
        const text = changed(texts[finding.file] ?? '', changes);
        return { finding, title, isPreferred, texts: { ...texts, [finding.file]: text } };
      }),
    );
}

/** What a fix has made worse: the finding if it is still there, and errors that were not there before. */
export function leftBehind(texts: Texts, { finding, texts: after }: AppliedFix): string[] {
  const before = findingsIn(texts);
  const remaining = [...before];
  const found = findingsIn(after);
  const isLeft = found.filter(isLike(finding)).length >= before.filter(isLike(finding)).length;
  const newErrors = found.filter(({ code, severity }) => {
    const known = remaining.findIndex((each) => each.code === code);
    if (known >= 0) remaining.splice(known, 1);
    return known < 0 && severity === 'error';
  });
  return [
    ...(isLeft ? [`${finding.code} is still there`] : []),
    ...newErrors.map(({ code, message }) => `${code}: ${message}`),
  ];
}

function isLike({ code, file, message }: Finding): (other: Finding) => boolean {
  return (other) => other.code === code && other.file === file && other.message === message;
}
