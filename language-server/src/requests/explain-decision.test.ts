import { describe, expect, it } from 'vitest';
import type { ExplainParams, ExplainResult } from '../protocol.js';
import { inSet } from '../workspace/document.fixture.js';
import { explainDecision } from './explain-decision.js';

const OLD = '{ all: [{ fact: server.version, operator: versionIn, value: 8.x }] }';
const POLICY = `name: lab
mode: enforce
priority: 1
effective: { from: 2026-01-01 }
when: ${OLD}
stages:
  - { name: report, after: 0d }
  - { name: blocked, after: 30d, block: always }
`;
const EXEMPTION = `exemptions:
  - name: lab
    reason: It moves.
    grantedBy: ciso@example.org
    until: 2030-01-01
    whom: ${OLD}
`;
const FACTS = { 'server.version': '8.1.240.6', 'server.name': 'a.example' };

describe('an explained decision', () => {
  it('tells the decision, and each line with its place and the value that was found', async () => {
    const { decision, rules } = await explained({ firstDetected: '40d' });
    expect(decision).toMatchObject({ action: 'block', policy: 'lab', stage: 'blocked', elapsed: '40d' });
    expect(rules).toMatchObject([
      {
        kind: 'policy',
        decides: true,
        lines: [
          { depth: 0, result: true },
          { depth: 1, result: true, factValue: '8.1.240.6', location: { range: { start: { line: 4 } } } },
        ],
      },
    ]);
  });

  it.each([
    ['how long ago', { firstDetected: '10d' }, 'report'],
    ['an instant', { firstDetected: '2026-08-01' }, 'blocked'],
    ['nothing', {}, 'report'],
    ['another time of the decision', { firstDetected: '2026-08-01', at: '2026-08-02' }, 'report'],
  ])('takes the first detection as %s', async (_what, params, stage) => {
    expect((await explained(params)).decision.stage).toBe(stage);
  });

  it('leaves out facts whose field is empty', async () => {
    expect((await explained({ facts: { ...FACTS, helo: '' } })).decision.policy).toBe('lab');
  });

  it('says that the exemption decides, not a policy of the same name', async () => {
    const { decision, rules } = await explained({}, { 'a.exemptions.yaml': EXEMPTION });
    expect(decision).toMatchObject({ action: 'accept', exemption: 'lab' });
    expect(rules.map(({ kind, holds, decides }) => [kind, holds, decides])).toEqual([
      ['exemption', true, true],
      ['policy', true, false],
    ]);
  });

  it('says why a policy was not asked', async () => {
    const off = { 'off.policy.yaml': POLICY.replace('name: lab', 'name: idle').replace('enforce', 'off') };
    const { rules } = await explained({}, off);
    expect(rules.find(({ name }) => name === 'idle')).toMatchObject({ holds: false, note: 'off', lines: [] });
  });
});

describe('no decision is made', () => {
  it.each<[string, Partial<ExplainParams>, string]>([
    ['of a fact that is none', { facts: { 'no.fact': '1' } }, 'no.fact'],
    ['of a value that is none', { facts: { 'server.version': 'x' } }, 'server.version'],
    ['at an instant that is none', { at: 'soon' }, 'An instant was expected'],
    ['after a detection that is none', { firstDetected: '3 days' }, 'An instant was expected'],
  ])('%s', async (_what, params, told) => {
    expect(await ask(params)).toEqual({ problem: expect.stringContaining(told) });
  });

  it('by a policy set with errors', async () => {
    const broken = { 'b.policy.yaml': 'name: b' };
    expect(await ask({}, broken)).toEqual({ problem: expect.stringContaining('has errors') });
  });
});

async function explained(params: Partial<ExplainParams>, more: Readonly<Record<string, string>> = {}) {
  const result = await ask(params, more);
  if ('problem' in result) throw new Error(result.problem);
  return result;
}

function ask(params: Partial<ExplainParams>, more: Readonly<Record<string, string>> = {}): Promise<ExplainResult> {
  const context = inSet({ 'a.policy.yaml': POLICY, ...more }, 'a.policy.yaml');
  return explainDecision(context, { uri: context.document.uri, facts: FACTS, ...params });
}
