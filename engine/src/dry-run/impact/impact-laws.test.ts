import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import { ADDRESSES, NAMES, policySetPairs, READ_AT, TIMES, VERSIONS } from '../../decision/diff/diff-pairs.fixture.js';
import { durationMillis } from '../../policy/duration.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { parseIpAddress } from '../../policy/network.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { parseVersion } from '../../policy/version.js';
import type { Detection } from '../../traffic/detection.js';
import { type LogRecord, logRecord } from '../../traffic/logs/log-record.js';
import type { LogReport } from '../../traffic/logs/log-report.js';
import { Impact } from './impact.js';
import type { ImpactReport } from './impact-report.js';

const DAY_MILLIS = 86_400_000;
const OPTIONS = { peerWindow: durationMillis(3_600_000), shift: durationMillis(0) };
const NO_LOGS: LogReport = {
  files: [],
  lines: 0,
  records: { connections: 0, messages: 0 },
  used: 0,
  passedOver: 0,
  unreadable: 0,
  examples: [],
  cut: 0,
  unfinished: 0,
  overlapping: 0,
  lacks: [],
  broken: [],
};

interface Visit {
  readonly server: number;
  readonly address: string;
  readonly helo: string;
  readonly version: string;
  readonly size: number;
  readonly day: number;
  readonly moment: LogRecord['moment'];
}

const visits: fc.Arbitrary<Visit> = fc.record({
  server: fc.integer({ min: 0, max: 5 }),
  address: fc.constantFrom(...ADDRESSES),
  helo: fc.constantFrom(...NAMES),
  version: fc.constantFrom(...VERSIONS),
  size: fc.integer({ min: 0, max: 3 }),
  day: fc.integer({ min: 0, max: 70 }),
  moment: fc.constantFrom('message', 'message', 'connection'),
});

function recordOf({ server, address, helo, version, size, day, moment }: Visit, line: number): LogRecord {
  const parsed = parseVersion(version);
  const known = parseIpAddress(address);
  if (parsed === undefined || known === undefined) throw new Error('A value of the test cannot be read');
  const stamped = { version: parsed, id: version, hop: 0, header: '' };
  const detection: Detection = { found: true, server: `mx${server}.example`, stamped };
  const facts = { 'client.address': known, helo, 'message.size': size };
  const at = epochMillis(instantOf(TIMES[0]) - 5 * DAY_MILLIS + day * DAY_MILLIS + line * 1000);
  const told = { at, moment, facts, file: 'log', line };
  return logRecord(moment === 'connection' ? told : { ...told, detection });
}

function impactOf(
  pair: { before: Record<string, string>; after: Record<string, string> },
  records: readonly LogRecord[],
) {
  const sets = {
    before: compilePolicySet(policySetOf(pair.before)),
    after: compilePolicySet(policySetOf(pair.after)),
  };
  const impact = new Impact(sets, OPTIONS, READ_AT as EpochMillis);
  for (const record of records) impact.take(record);
  return impact.report({ before: 'a', after: 'b' }, NO_LOGS);
}

const ALONE = { moment: 'message', address: '10.0.0.1' } as const;

function sumOf<T>(rows: readonly T[], countOf: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + countOf(row), 0);
}

function expectReconciled(report: ImpactReport, records: number): void {
  const inRegions = sumOf(report.regions, ({ connections, messages }) => connections + messages);
  expect(report.records).toBe(records);
  expect(inRegions + report.unchangedRegion).toBe(records);
  expect(sumOf(report.transitions, (each) => each.records)).toBe(records);
  expect(sumOf(report.regions, ({ changed }) => changed) + report.changedByHistory).toBe(report.changed);
  expect(sumOf(report.servers, ({ changed }) => changed)).toBe(report.changed);
}

describe('the impact of any change', () => {
  it('reconciles, and is nothing where the two policy sets are equivalent', () => {
    const tally = { changed: 0, equivalent: 0 };
    const logs = fc.array(visits, { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(policySetPairs, logs, (pair, log) => {
        const records = [...log].sort((a, b) => a.day - b.day).map(recordOf);
        const report = impactOf(pair, records);
        expectReconciled(report, records.length);
        tally.changed += report.changed;
        if (!report.equivalent) return;
        tally.equivalent++;
        expect(report.changed).toBe(0);
      }),
      { numRuns: 150 },
    );
    expect(tally.changed).toBeGreaterThan(300);
    expect(tally.equivalent).toBeGreaterThan(10);
  });

  it('finds the region of everything that is decided otherwise, of servers that have no past', () => {
    let changed = 0;
    fc.assert(
      fc.property(policySetPairs, fc.array(visits, { minLength: 10, maxLength: 30 }), (pair, log) => {
        // Connectors tell servers apart by their own names or by HELO: each comes once.
        const strangers = NAMES.flatMap((helo, server) => {
          const visit = log.find((each) => each.helo === helo);
          return visit === undefined ? [] : [recordOf({ ...visit, ...ALONE, server }, server)];
        });
        const report = impactOf(pair, strangers);
        changed += report.changed;
        expect(report.changedByHistory).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(changed).toBeGreaterThan(20);
  });
});
