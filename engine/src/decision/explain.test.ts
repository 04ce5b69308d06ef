import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, policySetOf } from '../policy/policy-text.fixture.js';
import { compilePolicySet } from './compile-policy-set.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide } from './decide.js';
import { explain, type TraceLine } from './explain.js';
import { decisionTimes, factsOf, policySets, policyTextsOf, writtenFacts } from './policy-set-arbitrary.fixture.js';
import { compiledOf, DAY_0, detectedRecord, factsFrom } from './sample-policies.fixture.js';

const COMPILED = compiledOf({
  'a.policy.yaml': `name: a
mode: enforce
priority: 2
when:
  any:
    - all:
        - condition: ours
        - { fact: server.version, operator: versionIn, value: "8.x || 14.x" }
    - not:
        fact: client.address
        operator: inNetwork
        value: [0.0.0.0/0, "::/0"]
    - { fact: helo, operator: matches, value: "^mx" }
    - { fact: helo, operator: equal, value: { fact: sender.domain } }
stages: [ { name: report, after: 0d } ]
`,
  'b.policy.yaml': `name: b
mode: off
priority: 1
when: { all: [ { fact: helo, operator: exists, value: true } ] }
stages: [ { name: report, after: 0d } ]
`,
  'c.policy.yaml': `name: c
mode: report
priority: 3
effective: { from: 2030-01-01 }
when: { condition: ours }
stages: [ { name: report, after: 0d } ]
`,
  'x.conditions.yaml': `conditions:
  - name: ours
    when:
      any:
        - { fact: helo, operator: inDomain, value: example.org }
        - condition: tagged
  - name: tagged
    when: { not: { fact: server.tags, operator: "someFact:equal", value: hybrid } }
`,
  'x.exemptions.yaml': `exemptions:
  - name: fax
    whom: { all: [ { fact: helo, operator: equal, value: fax.example.org } ] }
    reason: Old.
    grantedBy: ciso
    until: 2027-01-01
`,
});
const FACTS = factsFrom({ helo: 'mx.example.org', 'server.version': '14.3.123.4', 'client.address': '192.0.2.1' });

/** A trace as text: its place, its result, its text and the value of its fact. */
function lines({ text, result, factValue, source, parts }: TraceLine, depth = 0): string[] {
  const { file, line, column } = source;
  const value = factValue === undefined ? '' : ` (${factValue})`;
  const own = `${file}:${line}:${column} ${'  '.repeat(depth)}${result ?? '-'} ${text}${value}`;
  return [own, ...parts.flatMap((part) => lines(part, depth + 1))];
}

async function traceOf(name: string, facts = FACTS, compiled: CompiledPolicySet = COMPILED): Promise<string[]> {
  const { rules } = await explain(compiled, facts, undefined, DAY_0);
  const trace = rules.find((rule) => rule.name === name)?.trace;
  return trace === undefined ? [] : lines(trace);
}

describe('an explanation', () => {
  it('shows each line of a policy at its place, with its result and the value of its fact', async () => {
    expect(await traceOf('a')).toEqual([
      'a.policy.yaml:5:3 true any',
      'a.policy.yaml:6:7   true all',
      'a.policy.yaml:7:22     true condition ours',
      'x.conditions.yaml:4:7       true any',
      'x.conditions.yaml:5:11         true helo inDomain [example.org] (mx.example.org)',
      'x.conditions.yaml:6:22         true condition tagged',
      'x.conditions.yaml:8:11           true not',
      'x.conditions.yaml:8:18             false server.tags someFact:equal hybrid ()',
      'a.policy.yaml:8:11     true server.version versionIn 8.x || 14.x (14.3.123.4)',
      'a.policy.yaml:9:7   false not',
      'a.policy.yaml:10:9     true client.address inNetwork [0.0.0.0/0, ::/0] (192.0.2.1)',
      'a.policy.yaml:13:7   true helo matches /^mx/ (mx.example.org)',
      'a.policy.yaml:14:7   false helo equal {fact: sender.domain} (mx.example.org)',
    ]);
  });

  it('shows no value for a fact that is not known', async () => {
    const trace = await traceOf('a', {});
    expect(trace).toContain('a.policy.yaml:13:7   false helo matches /^mx/');
    expect(trace).toContain('a.policy.yaml:10:9     false client.address inNetwork [0.0.0.0/0, ::/0]');
    expect(trace).toContain('a.policy.yaml:9:7   true not');
  });

  it('says why conditions were not asked', async () => {
    const { rules } = await explain(COMPILED, FACTS, undefined, DAY_0);
    expect(rules.map(({ trace, ...rest }) => ({ ...rest, traced: trace !== undefined }))).toEqual([
      { kind: 'exemption', name: 'fax', matches: false, traced: true },
      { kind: 'policy', name: 'a', matches: true, traced: true },
      { kind: 'policy', name: 'b', skipped: 'off', matches: false, traced: false },
      { kind: 'policy', name: 'c', skipped: 'not in force', matches: false, traced: false },
    ]);
    const later = await explain(COMPILED, FACTS, undefined, instantOf('2030-01-01'));
    expect(later.rules.map(({ skipped }) => skipped)).toEqual(['not in force', undefined, 'off', undefined]);
  });

  it('shows all facts as text, derived ones included', async () => {
    const { facts } = await explain(COMPILED, FACTS, detectedRecord(), DAY_0);
    expect(facts).toMatchObject({
      helo: 'mx.example.org',
      'server.version': '14.3.123.4',
      'client.address': '192.0.2.1',
      'connector.type': 'Internet',
      'server.name': 'mx.example',
      'server.known': 'false',
      time: '2026-03-01T09:30:00Z',
    });
  });

  it('survives JSON, so that it can be printed', async () => {
    const explanation = await explain(COMPILED, FACTS, undefined, DAY_0);
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });

  it('is the same for two that are asked for at once', async () => {
    const both = await Promise.all([
      explain(COMPILED, FACTS, undefined, DAY_0),
      explain(COMPILED, {}, undefined, DAY_0),
    ]);
    expect(both).toEqual([
      await explain(COMPILED, FACTS, undefined, DAY_0),
      await explain(COMPILED, {}, undefined, DAY_0),
    ]);
  });

  it('tells of the policy and the exemption that decide, whatever the policies', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(policySets, writtenFacts, decisionTimes, async (written, texts, at) => {
        const compiled = compilePolicySet(policySetOf(policyTextsOf(written)));
        const [facts, now] = [factsOf(texts), instantOf(at)];
        const decision = decide(compiled, facts, undefined, now);
        const { rules } = await explain(compiled, facts, undefined, now);
        const matching = rules.filter(({ matches }) => matches).map(({ name }) => name);
        if (decision.exemption !== undefined) expect(matching).toContain(decision.exemption);
        else if (decision.policy !== undefined) expect(matching).toContain(decision.policy);
        else expect(matching).toEqual([]);
        for (const { trace, matches } of rules) {
          if (trace === undefined) continue;
          expect(trace.result).toBe(matches);
          expectSound(trace);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Every line was asked, has a place, and follows from the lines below it. */
function expectSound({ text, result, source, parts }: TraceLine): void {
  expect(typeof result).toBe('boolean');
  expect(source.file).toMatch(/\.json$/);
  const results = parts.map((part) => part.result);
  if (text === 'all') expect(result).toBe(!results.includes(false));
  if (text === 'any') expect(result).toBe(results.includes(true));
  if (text === 'not') expect(results).toEqual([result !== true]);
  if (text.startsWith('condition ')) expect(results).toEqual([result]);
  for (const part of parts) expectSound(part);
}
