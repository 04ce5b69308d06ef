import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACTS, type Facts } from '../policy/fact.js';
import { instantOf } from '../policy/policy-text.fixture.js';
import { deriveFacts } from './derive-facts.js';
import { formatFactValue } from './format-facts.js';
import { compiledOf, DAY_0, daysLater, detectedRecord, factsFrom } from './sample-policies.fixture.js';

const COMPILED = compiledOf({
  'exchange.builds.yaml': readFileSync(new URL('../../../policies/exchange.builds.yaml', import.meta.url), 'utf8'),
  'x.connectors.yaml': `
connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] }, tags: [hybrid, edge] }
`,
});

/** The facts of the server's build, as text. */
function buildOf(version: string, at: string): Record<string, string> {
  return texts(deriveFacts(COMPILED, factsFrom({ 'server.version': version }), undefined, instantOf(at)));
}

function texts(facts: Facts): Record<string, string> {
  return Object.fromEntries(
    FACTS.flatMap(({ name, type }) => {
      const value = facts[name];
      return value === undefined ? [] : [[name.replace('server.', ''), formatFactValue(type, value)]];
    }),
  );
}

describe('the derived facts', () => {
  it.each([
    [
      '15.1.2507.39',
      '2024-11-12',
      {
        product: 'Exchange Server 2016',
        build: 'Exchange Server 2016 CU23 Apr24HU',
        'build.exact': 'true',
        'build.behind': '203d',
        'build.age': '203d',
        supported: 'true',
      },
    ],
    ['15.1.2507.39', '2024-11-11', { 'build.behind': '0s', 'build.age': '202d' }],
    [
      '15.1.2507.36',
      '2024-03-12',
      { build: 'Exchange Server 2016 CU23 Nov23SU', 'build.exact': 'false', 'build.behind': '119d' },
    ],
    [
      '15.1.2507.999',
      '2030-01-01',
      { build: 'Exchange Server 2016 CU23 Sep26SUv2', 'build.exact': 'false', 'build.behind': '0s' },
    ],
    ['15.1.2507.75', '2030-01-01', { 'build.exact': 'true', 'build.behind': '0s' }],
    ['15.1.2507.61', '2025-10-13T23:59:59Z', { supported: 'true', supportEnds: '2025-10-14T00:00:00Z' }],
    ['15.1.2507.61', '2025-10-14', { supported: 'false' }],
    ['15.2.1748.39', '2026-01-01', { product: 'Exchange Server 2019', supported: 'false' }],
    ['15.2.2562.17', '2026-01-01', { product: 'Exchange Server SE', supported: 'true' }],
    ['8.3.83.0', '2026-01-01', { build: 'Exchange Server 2007 SP3', 'build.exact': 'false', supported: 'false' }],
  ])('of %s at %s', (version, at, expected) => {
    expect(buildOf(version, at)).toMatchObject(expected);
  });

  it('are never below 0, also before the release of a build', () => {
    expect(buildOf('15.1.2507.73', '2020-01-01')).toMatchObject({ 'build.age': '0s', 'build.behind': '0s' });
  });

  it('leave out what the catalogue does not know', () => {
    expect(Object.keys(buildOf('16.0', '2026-01-01')).filter((name) => /product|build|support/.test(name))).toEqual([]);
    expect(Object.keys(buildOf('15.1.9999.1', '2026-01-01')).filter((name) => /build/.test(name))).toEqual([]);
    expect(buildOf('15.1.9999.1', '2026-01-01')).toMatchObject({ product: 'Exchange Server 2016' });
    expect(buildOf('4.0.994', '2026-01-01')).not.toHaveProperty('supported');
  });

  it('tell the connector, its tags and the time', () => {
    const facts = deriveFacts(COMPILED, factsFrom({ 'client.address': '192.0.2.9' }), undefined, DAY_0);
    expect(facts).toMatchObject({
      'connector.name': 'ours',
      'connector.type': 'OnPremises',
      'server.tags': ['hybrid', 'edge'],
      'server.known': false,
      time: DAY_0,
    });
    expect(facts).not.toHaveProperty('server.name');
    expect(facts).not.toHaveProperty('server.version');
  });

  it('tell what is remembered of the server', () => {
    const versions = [{ version: '8.3.517.0', firstSeen: DAY_0, lastSeen: DAY_0, evidence: { id: '8.3.517.0' } }];
    const record = detectedRecord({ versions });
    expect(deriveFacts(COMPILED, {}, record, daysLater(1))).toMatchObject({
      'server.name': 'mx.example',
      'server.known': true,
      'server.version': [8, 3, 517, 0],
      'server.product': 'Exchange Server 2007',
    });
    expect(deriveFacts(COMPILED, {}, record, DAY_0)['server.known']).toBe(false);
  });

  it('do not replace what was told, except the version', () => {
    const told = factsFrom({
      'server.name': 'told.example',
      'server.product': 'Something else',
      'connector.type': 'Partner',
      'server.version': '8.0',
    });
    const versions = [{ version: '8.3.517.0', firstSeen: DAY_0, lastSeen: DAY_0, evidence: { id: '8.3.517.0' } }];
    expect(deriveFacts(COMPILED, told, detectedRecord({ versions }), daysLater(1))).toMatchObject({
      'server.name': 'told.example',
      'server.product': 'Something else',
      'connector.type': 'Partner',
      'server.version': [8, 3, 517, 0],
    });
  });
});
