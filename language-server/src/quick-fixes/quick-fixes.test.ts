import { FINDING_ENTRIES, textOfExample } from '@sluice/engine/decision/findings-doc.fixture.js';
import type { FindingCode } from '@sluice/engine/policy/finding.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type AppliedFix, appliedFixes, findingsIn, leftBehind, type Texts } from './apply-fix.fixture.js';
import { FIX_CASES, POLICY } from './fix-cases.fixture.js';
import { QUICK_FIXES } from './quick-fixes.js';

/** The wrong examples of docs/findings.md, of codes that have fixes. */
const EXAMPLES = FINDING_ENTRIES.flatMap(({ code, examples }) => {
  const wrong = examples.filter(({ verdict, language }) => verdict === 'wrong' && language === 'yaml');
  const texts = Object.fromEntries(wrong.map((each) => [each.file ?? '', textOfExample(each)]));
  return typeof QUICK_FIXES[code as FindingCode] === 'string' ? [] : [{ code, texts }];
});

/** Codes whose example in the documentation has nothing near to it, or nothing that can be taken away. */
const WITHOUT_FIX_IN_EXAMPLE = [
  'yaml-syntax',
  'type-wrong',
  'build-duplicate',
  'condition-shape',
  'condition-unknown',
  'build-unknown',
  'reply-placeholder',
  'operator-unknown',
  'operator-misfit',
  'exemption-idle',
];

describe('the fixes of a finding', () => {
  it.each(EXAMPLES)('are there for the wrong example of $code, unless nothing is near', ({ code, texts }) => {
    expect(appliedFixes(texts, code).length > 0).toBe(!WITHOUT_FIX_IN_EXAMPLE.includes(code));
  });

  it.each(EXAMPLES)('set it right and make nothing worse: $code', ({ code, texts }) => {
    expectAllToHelp(texts, code);
  });

  it.each(EXAMPLES)('do so where lines end with CR and LF: $code', ({ code, texts }) => {
    const inCrLf = mapped(texts, (text) => text.replaceAll('\n', '\r\n'));
    for (const { texts: after } of expectAllToHelp(inCrLf, code)) {
      for (const text of Object.values(after)) expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  it.each(EXAMPLES.filter(({ code }) => code !== 'yaml-syntax'))(
    'do so in JSON, on one line and on many: $code',
    ({ code, texts }) => {
      for (const indentation of [0, 2]) {
        const inJson = Object.entries(texts).map(([path, text]) => {
          const plain: unknown = parse(text, { uniqueKeys: false, strict: false, logLevel: 'error' });
          return [path.replace(/\.yaml$/, '.json'), JSON.stringify(plain, null, indentation)];
        });
        expectAllToHelp(Object.fromEntries(inJson), code);
      }
    },
  );
});

function expectAllToHelp(texts: Texts, code: string): AppliedFix[] {
  const fixes = appliedFixes(texts, code);
  for (const fix of fixes)
    expect({ title: fix.title, left: leftBehind(texts, fix) }).toEqual({ title: fix.title, left: [] });
  return fixes;
}

function mapped(texts: Texts, change: (text: string) => string): Texts {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, change(text)]));
}

describe('the text after a fix', () => {
  it.each(FIX_CASES)('of $code: $of', ({ code, file, text, others = {}, fixes }) => {
    const texts = { ...others, [file]: text };
    const applied = appliedFixes(texts, code).filter(({ finding }) => finding.file === file);
    expect(Object.fromEntries(applied.map(({ title, texts: after }) => [title, after[file]]))).toEqual(fixes);
    for (const fix of applied) expect(leftBehind(texts, fix)).toEqual([]);
  });
});

describe('a fix that is made unasked', () => {
  it.each([
    ['key-missing', POLICY.replace('mode: enforce\n', '')],
    ['key-duplicate', POLICY.replace('mode: enforce', 'mode: enforce\nmode: off')],
    ['value-out-of-range', POLICY.replace('100', '0')],
    ['stage-unreachable', POLICY.replace('after: 0d }', 'after: 0d }\n  - { name: b, after: 0d, block: always }')],
  ])('is none that makes something up or throws something away: %s', (code, text) => {
    const fixes = appliedFixes({ 'a.policy.yaml': text }, code);
    expect(fixes.map(({ isPreferred }) => isPreferred)).toEqual([false]);
  });

  it('takes out a key that says the same twice', () => {
    const text = POLICY.replace('mode: enforce', 'mode: enforce\nmode: enforce');
    expect(appliedFixes({ 'a.policy.yaml': text }, 'key-duplicate')).toMatchObject([
      { isPreferred: true, texts: { 'a.policy.yaml': POLICY } },
    ]);
  });
});

describe('a finding', () => {
  it('has no fix where the text cannot be read', () => {
    const texts = { 'a.policy.yaml': 'name: [' };
    expect(findingsIn(texts)).not.toEqual([]);
    expect(appliedFixes(texts, 'yaml-syntax')).toEqual([]);
  });

  it('of the only exemption leaves the file a list', () => {
    const text =
      'exemptions: [{ name: a, whom: { all: [{ fact: helo, operator: equal, value: a }] }, reason: b, grantedBy: c, until: 2020-01-01 }]';
    const titles = appliedFixes({ 'a.exemptions.yaml': text }, 'exemption-expired').map(({ title }) => title);
    expect(titles).toEqual(['Extend the exemption until 2027-09-08']);
  });

  it('of a stage that a threshold leads to keeps the stage', () => {
    const stages = '  - { name: a, after: 0d }\n  - { name: b, after: 0d, block: always }\n';
    const text = `${POLICY.replace('  - { name: report, after: 0d }\n', stages)}thresholds: [{ refusals: 1, within: 1h, advanceTo: a }]\n`;
    expect(appliedFixes({ 'a.policy.yaml': text }, 'stage-unreachable')).toEqual([]);
  });
});
