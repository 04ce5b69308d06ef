import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVersion, type Version } from '../policy/version.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decide } from './decide.js';
import { MAX_SEEN_VERSIONS, type Observation, observe, remember } from './observe.js';
import { compiledOf, DAY, DAY_0, daysLater, factsFrom, outdatedPolicy } from './sample-policies.fixture.js';
import type { ServerRecord } from './server-record.js';

const OLD = '8.3.517.0';
const OLDER = '8.3.83.0';
const NEW = '15.1.2507.61';

const RESTART = compiledOf({ 'p.policy.json': outdatedPolicy() });
const RESUME = compiledOf({
  'p.policy.json': outdatedPolicy({ remediation: { relapse: { resume: { within: '90d' } } } }),
});

/** What a message shows: a version in its header, or none. */
function message(version?: string, facts: Readonly<Record<string, string>> = {}): Observation {
  const told = { connector: 'internet', name: 'mx.example', facts: factsFrom(facts) };
  if (version === undefined) return told;
  return { ...told, seen: { version: parseVersion(version) as Version, evidence: { id: version } } };
}

/** The record after messages on the given days, each with a version or without one. */
function after(
  messages: readonly (readonly [day: number, version?: string])[],
  compiled: CompiledPolicySet = RESTART,
  record?: ServerRecord,
): ServerRecord {
  let last = record;
  for (const [day, version] of messages) last = observe(compiled, last, message(version), daysLater(day));
  if (last === undefined) throw new Error('no message');
  return last;
}

function stageOn(day: number, record: ServerRecord, compiled = RESTART) {
  return decide(compiled, {}, record, daysLater(day)).stage;
}

describe('what is remembered of a server', () => {
  it('begins with its first message', () => {
    expect(after([[0, NEW]])).toEqual({
      id: 'internet/mx.example',
      connector: 'internet',
      name: 'mx.example',
      firstSeen: DAY_0,
      lastSeen: DAY_0,
      versions: [{ version: NEW, firstSeen: DAY_0, lastSeen: DAY_0, evidence: { id: NEW } }],
      pauses: [],
      refusals: [],
    });
  });

  it('survives JSON', () => {
    const record = after([[0, OLD], [1], [2, NEW], [12, OLD]]);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('keeps when a version was seen first and last, and its last evidence', () => {
    const [latest, other] = after([
      [0, OLD],
      [1, OLDER],
      [2, OLD],
    ]).versions;
    expect(latest).toMatchObject({ version: OLD, firstSeen: daysLater(0), lastSeen: daysLater(2) });
    expect(other).toMatchObject({ version: OLDER, firstSeen: daysLater(1), lastSeen: daysLater(1) });
  });

  it('is last seen at the latest time, also where messages come out of order', () => {
    expect(
      after([
        [5, OLD],
        [3, OLD],
      ]).lastSeen,
    ).toBe(daysLater(5));
  });

  it('changes nothing that was given', () => {
    const record = Object.freeze(after([[0, OLD]]));
    for (const list of [record.versions, record.pauses, record.refusals]) Object.freeze(list);
    expect(() =>
      after(
        [
          [1, NEW],
          [9, OLDER],
        ],
        RESTART,
        record,
      ),
    ).not.toThrow();
    expect(after([[1, NEW]], RESTART, record)).toEqual(after([[1, NEW]], RESTART, record));
  });

  it('has a bounded number of versions, among them the latest and the one that counts', () => {
    const versions = fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(versions, (steps) => {
        let day = 0;
        let record: ServerRecord | undefined;
        const all: { day: number; minor: number }[] = [];
        for (const [days, minor] of steps) {
          day += days;
          all.push({ day, minor });
          record = after([[day, `15.${minor}`]], RESTART, record);
          expect(record.versions.length).toBeLessThanOrEqual(MAX_SEEN_VERSIONS);
          expect(record.versions[0]?.version).toBe(`15.${minor}.0.0`);
        }
        const counting = all.filter((each) => each.day > day - 7).map((each) => each.minor);
        const kept = record?.versions.map(({ version }) => version) ?? [];
        expect(kept).toContain(`15.${Math.max(...counting)}.0.0`);
      }),
    );
  });
});

describe('the clock of a server', () => {
  it('starts when a policy first matches, and not again', () => {
    expect(after([[0, OLD]])).toMatchObject({ firstDetected: DAY_0, detectedVersion: OLD });
    expect(after([[0, OLD], [5, OLD], [40]])).toMatchObject({ firstDetected: DAY_0, detectedVersion: OLD });
  });

  it('does not start for an acceptable version, nor for none', () => {
    expect(after([[0, NEW]])).not.toHaveProperty('firstDetected');
    expect(after([[0]])).not.toHaveProperty('firstDetected');
  });

  it('starts for a policy in report mode, and not for one that is off', () => {
    const inMode = (mode: string) => after([[0, OLD]], compiledOf({ 'p.policy.json': outdatedPolicy({ mode }) }));
    expect(inMode('report').firstDetected).toBe(DAY_0);
    expect(inMode('off')).not.toHaveProperty('firstDetected');
  });

  it('starts when the policy is effective, not before', () => {
    const compiled = compiledOf({ 'p.policy.json': outdatedPolicy({ effective: { from: '2026-03-10' } }) });
    const record = after(
      [
        [0, OLD],
        [5, OLD],
        [20, OLD],
      ],
      compiled,
    );
    expect(record).toMatchObject({ firstSeen: DAY_0, firstDetected: daysLater(20) });
  });

  it('runs on for an exempted server, so that it is judged at once when the exemption ends', () => {
    const exemption = {
      name: 'all',
      whom: { all: [{ fact: 'server.known', operator: 'exists', value: true }] },
      reason: 'Old.',
      grantedBy: 'ciso',
      until: '2026-05-01',
    };
    const compiled = compiledOf({
      'p.policy.json': outdatedPolicy(),
      'x.exemptions.json': JSON.stringify({ exemptions: [exemption] }),
    });
    const record = after([[0, OLD]], compiled);
    expect(record.firstDetected).toBe(DAY_0);
    expect(decide(compiled, {}, record, daysLater(59))).toMatchObject({ action: 'accept', exemption: 'all' });
    expect(decide(compiled, {}, record, daysLater(91))).toMatchObject({ action: 'block', stage: 'blocked' });
  });

  it('goes on under another policy, and for another version that is no better', () => {
    const record = after([
      [0, OLDER],
      [10, OLD],
    ]);
    expect(record).toMatchObject({ firstDetected: DAY_0, detectedVersion: OLD });
    expect(record).not.toHaveProperty('remediation');
  });
});

describe('an acceptable version', () => {
  it('ends the clock at once', () => {
    const record = after([
      [0, OLD],
      [35, NEW],
    ]);
    expect(record).not.toHaveProperty('firstDetected');
    expect(record).not.toHaveProperty('detectedVersion');
    expect(record.remediation).toEqual({ at: daysLater(35), elapsed: 35 * DAY });
    expect(decide(RESTART, {}, record, daysLater(35))).toMatchObject({ action: 'accept' });
    expect(decide(RESTART, {}, record, daysLater(35))).not.toHaveProperty('policy');
  });

  it('ends refusals and what was told', () => {
    const decision = decide(RESTART, {}, after([[0, OLD]]), daysLater(91));
    const refused = remember(after([[0, OLD]]), decision, daysLater(91), false);
    expect(refused).toMatchObject({ refusals: [{ count: 1 }], told: { stage: 'blocked' } });
    const record = after([[92, NEW]], RESTART, refused);
    expect(record.refusals).toEqual([]);
    expect(record).not.toHaveProperty('told');
  });

  it('counts no pause as time on the clock, and keeps the pause: a year has a limit of them', () => {
    const paused = { ...after([[0, OLD]]), pauses: [{ from: daysLater(10), until: daysLater(20) }] };
    const record = after([[35, NEW]], RESTART, paused);
    expect(record.remediation).toEqual({ at: daysLater(35), elapsed: 25 * DAY });
    expect(record.pauses).toEqual(paused.pauses);
  });

  it('is not assumed where a message shows no version', () => {
    const compiled = compiledOf({ 'p.policy.json': outdatedPolicy({ effective: { until: '2026-03-20' } }) });
    const record = after([[0, OLD], [40]], compiled);
    expect(record).toMatchObject({ firstDetected: DAY_0 });
    expect(record).not.toHaveProperty('remediation');
  });

  it('is not what the same old version is where the policies no longer match it', () => {
    const compiled = compiledOf({ 'p.policy.json': outdatedPolicy({ effective: { until: '2026-03-20' } }) });
    expect(
      after(
        [
          [0, OLD],
          [40, OLD],
        ],
        compiled,
      ),
    ).toMatchObject({ firstDetected: DAY_0 });
  });
});

describe('a relapse', () => {
  it('gives a new clock where the policy says restart', () => {
    const record = after([
      [0, OLD],
      [35, NEW],
      [50, OLD],
    ]);
    expect(record.firstDetected).toBe(daysLater(50));
    expect(record).not.toHaveProperty('remediation');
    expect(stageOn(79, record)).toBe('report');
    expect(stageOn(80, record)).toBe('slow');
  });

  it.each([
    [125, daysLater(90)],
    [126, daysLater(126)],
  ])('gives the old clock back within the time that the policy says: on day %d', (day, firstDetected) => {
    expect(
      after(
        [
          [0, OLD],
          [35, NEW],
          [day, OLD],
        ],
        RESUME,
      ).firstDetected,
    ).toBe(firstDetected);
  });

  it('goes on at the stage where it stopped', () => {
    const record = after(
      [
        [0, OLD],
        [35, NEW],
        [100, OLD],
      ],
      RESUME,
    );
    expect(stageOn(100, record, RESUME)).toBe('slow');
    expect(stageOn(125, record, RESUME)).toBe('mixed');
  });

  it('counts pauses before it once, and those that still run as pauses', () => {
    const pauses = [
      { from: daysLater(10), until: daysLater(20) },
      { from: daysLater(34), until: daysLater(60) },
    ];
    const paused = { ...after([[0, OLD]], RESUME), pauses };
    const fixed = after([[36, NEW]], RESUME, paused);
    expect(fixed.remediation).toEqual({ at: daysLater(36), elapsed: 24 * DAY });
    const fallenBack = after([[50, OLD]], RESUME, fixed);
    const elapsedOn = (day: number) => decide(RESUME, {}, fallenBack, daysLater(day)).elapsed;
    expect([50, 59, 60, 70].map(elapsedOn)).toEqual([24 * DAY, 24 * DAY, 24 * DAY, 34 * DAY]);
  });

  it('is only one behind the window of versions: the fixed version counts for a week', () => {
    expect(
      after([
        [35, NEW],
        [41, OLD],
      ]),
    ).not.toHaveProperty('firstDetected');
    expect(
      after([
        [35, NEW],
        [42, OLD],
      ]),
    ).toHaveProperty('firstDetected', daysLater(42));
  });
});

describe('an odd header with an old version', () => {
  it('starts no clock of a patched server', () => {
    expect(
      after([
        [0, NEW],
        [3, OLD],
        [4, NEW],
        [5, OLDER],
      ]),
    ).not.toHaveProperty('firstDetected');
  });

  it('ends no clock, restarts none and does not count', () => {
    const record = after([
      [0, OLD],
      [10, OLDER],
      [11, OLD],
    ]);
    expect(record).toMatchObject({ firstDetected: DAY_0, detectedVersion: OLD });
    expect(record).not.toHaveProperty('remediation');
  });

  it('does neither where it is of a version that no policy matches', () => {
    expect(
      after([
        [0, OLD],
        [1, '7.5'],
        [2, '7.6'],
      ]),
    ).toMatchObject({ firstDetected: DAY_0, detectedVersion: OLD });
  });

  it('does not get a patched server refused, however many there are', () => {
    const odd = Array.from({ length: 30 }, (_, index) => [3 + index / 100, `8.3.${index}.0`] as const);
    expect(after([[0, NEW], ...odd])).not.toHaveProperty('firstDetected');
  });
});
