import { describe, expect, it } from 'vitest';
import type { RuleTraffic, TrafficParams } from '../protocol.js';
import type { KnownTraffic } from '../traffic/traffic-of-folders.js';
import { inSet } from '../workspace/document.fixture.js';
import { codeLenses } from './code-lens.js';
import { NAMES } from './names.fixture.js';

/** `3: 2 references` for each lens, with its command. */
function lenses(path: string, hasCommands: boolean): string[] {
  return codeLenses(inSet(NAMES, path), hasCommands).map(
    ({ range, command }) => `${range.start.line + 1}: ${command?.title} [${command?.command}]`,
  );
}

const PARAMS: TrafficParams = {
  uri: 'file:///policies/c.conditions.yaml',
  logs: ['/var/log/mail.log'],
  workDoneToken: 1,
};
const RULE: RuleTraffic = {
  kind: 'policy',
  name: 'old',
  records: 1234,
  servers: 12,
  throttled: 0,
  blocked: 0,
  wouldRefuse: 0,
};

function trafficLens(path: string, traffic: KnownTraffic) {
  return codeLenses(inSet(NAMES, path), true, traffic).find(({ command }) => command?.command === 'sluice.dryRun')
    ?.command;
}

describe('code lenses', () => {
  it('offer what the client can do with a policy', () => {
    const [explain, timeline, compare] = codeLenses(inSet(NAMES, 'a.policy.yaml'), true);
    const uri = 'file:///policies/a.policy.yaml';
    expect(explain?.command).toEqual({
      title: 'Explain a decision',
      command: 'sluice.explain',
      arguments: [uri, 'old'],
    });
    expect(timeline?.command).toEqual({ title: 'Show timeline', command: 'sluice.showTimeline', arguments: [uri] });
    expect(compare?.command).toEqual({
      title: 'Compare with HEAD',
      command: 'sluice.compare',
      arguments: [uri, 'HEAD'],
    });
  });

  it('offer nothing to click to a client without the commands, and still count', () => {
    expect(lenses('a.policy.yaml', false)).toEqual(['1: 1 reference []', '11: 1 reference []']);
  });

  it('count references in all files, of each file its own stages', () => {
    expect(lenses('a.policy.yaml', true).slice(3)).toEqual([
      '1: 1 reference [sluice.showReferences]',
      '11: 1 reference [sluice.showReferences]',
    ]);
    expect(lenses('b.policy.json', false)).toEqual([]);
    expect(lenses('c.conditions.yaml', true)).toEqual(['2: 2 references [sluice.showReferences]']);
  });

  it('tell where a connector is used nowhere', () => {
    expect(lenses('d.connectors.yaml', true)).toEqual([
      '2: 2 references [sluice.showReferences]',
      '6: no references []',
      '10: 1 reference [sluice.showReferences]',
    ]);
  });

  it.each<[string, Partial<RuleTraffic>, boolean, string]>([
    [
      'what it refuses',
      { throttled: 1056, blocked: 7 },
      false,
      'mail.log: 1,234 records, 12 servers, 1,056 × 450, 7 × 550',
    ],
    ['what it would refuse', { wouldRefuse: 63 }, false, 'mail.log: 1,234 records, 12 servers, would refuse 63'],
    ['that a change came since', {}, true, 'mail.log, before the last change: 1,234 records, 12 servers'],
  ])('tell of the traffic of a policy %s', (_what, counts, isStale, expected) => {
    const traffic = { params: PARAMS, rules: [{ ...RULE, ...counts }], isStale };
    const lens = trafficLens('a.policy.yaml', traffic);
    expect(lens?.title).toBe(expected);
    const { uri: _uri, workDoneToken: _token, ...again } = PARAMS;
    expect(lens).toMatchObject({ command: 'sluice.dryRun', arguments: ['file:///policies/a.policy.yaml', again] });
  });

  it('tell where a policy has no traffic, of how many logs', () => {
    const traffic = { params: { ...PARAMS, logs: ['/var/log/a', '/var/log/b'] }, rules: [RULE], isStale: false };
    expect(trafficLens('b.policy.json', traffic)?.title).toBe('2 logs: no traffic');
  });

  it('lead to the places of the references', () => {
    const [lens] = codeLenses(inSet(NAMES, 'c.conditions.yaml'), true);
    expect(lens?.command?.arguments).toEqual([
      'file:///policies/c.conditions.yaml',
      { line: 1, character: 10 },
      [
        {
          uri: 'file:///policies/a.policy.yaml',
          range: { start: { line: 6, character: 17 }, end: { line: 6, character: 25 } },
        },
        {
          uri: 'file:///policies/b.policy.json',
          range: { start: { line: 2, character: 26 }, end: { line: 2, character: 34 } },
        },
      ],
    ]);
  });
});
