import { describe, expect, it } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import { type ServerRecord, serverId } from '../../decision/server-record.js';
import { durationMillis } from '../../policy/duration.js';
import { epochMillis } from '../../policy/instant.js';
import { parseIpAddress } from '../../policy/network.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { parseVersion } from '../../policy/version.js';
import { readHeaderFields } from '../../traffic/header-fields.js';
import { type LogRecord, logRecord } from '../../traffic/logs/log-record.js';
import { Replay, type ReplayOptions } from './replay.js';

const DAY = 86_400_000;
const START = instantOf('2026-09-08');
const SERVER = 'mx1.contoso.example';

const COMPILED = compilePolicySet(
  policySetOf({
    'a.policy.yaml': `
name: outdated
mode: enforce
priority: 1
when: { all: [ { fact: server.version, operator: versionIn, value: '<15.1.2507.61' } ] }
stages:
  - { name: report, after: 0d }
  - { name: blocked, after: 30d, block: always }
`,
    'a.connectors.yaml': 'connectors: [ { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } } ]',
  }),
);

function replayWith(options: Partial<ReplayOptions> = {}): Replay {
  return new Replay(COMPILED, { shift: durationMillis(0), ...options });
}

/** A message of the server, so many days after the start. */
function message(day: number, id = '15.1.2507.16'): LogRecord {
  const header = `Received: from ${SERVER} (192.0.2.1) by ${SERVER} (192.0.2.1) with Microsoft SMTP Server id ${id}; Tue, 8 Sep 2026 00:00:00 +0000\r\n`;
  return logRecord({ ...connection(day), moment: 'message', headers: readHeaderFields(header) });
}

function connection(day: number, instance?: string): LogRecord {
  const address = parseIpAddress('192.0.2.1');
  const facts = address === undefined ? {} : { 'client.address': address };
  return logRecord({ at: epochMillis(START + day * DAY), moment: 'connection', facts, file: 'log', line: 1, instance });
}

function stagesOf(replay: Replay, records: readonly LogRecord[]) {
  return records.map((record) => replay.take(record).decision).map(({ stage, action }) => `${stage}: ${action}`);
}

describe('a replay', () => {
  it('goes by the clock of the log, from the first record of each server on', () => {
    const records = [message(0), message(29), message(30)];
    expect(stagesOf(replayWith(), records)).toEqual(['report: accept', 'report: accept', 'blocked: block']);
  });

  it('shows by a moved clock what the same traffic would meet later, detected when the log shows it', () => {
    const [first, second] = [message(0), message(6)];
    const shifted = replayWith({ shift: durationMillis(25 * DAY) });
    expect(stagesOf(shifted, [first, second])).toEqual(['report: accept', 'blocked: block']);
    const replayed = replayWith({ shift: durationMillis(31 * DAY) }).take(first);
    expect(replayed).toMatchObject({ at: first.at + 31 * DAY, record: { firstDetected: first.at } });
    expect(replayed.decision).toMatchObject({ action: 'block', elapsed: 31 * DAY });
  });

  it('begins with the servers that are known beforehand', () => {
    const seen = epochMillis(START - 40 * DAY);
    const known: ServerRecord = {
      id: serverId('ours', SERVER),
      connector: 'ours',
      name: SERVER,
      firstSeen: seen,
      lastSeen: seen,
      firstDetected: seen,
      versions: [],
      pauses: [],
      refusals: [],
    };
    expect(stagesOf(replayWith({ servers: [known] }), [message(0)])).toEqual(['blocked: block']);
  });

  it('judges connections by the servers that the log has shown behind their peer', () => {
    const replay = replayWith();
    expect(replay.take(connection(0))).toMatchObject({ awaitsHeaders: true, decision: { action: 'accept' } });
    replay.take(message(0));
    replay.take(message(31));
    const later = replay.take(connection(31.01));
    expect(later).toMatchObject({ awaitsHeaders: false, decision: { action: 'block', server: `ours/${SERVER}` } });
  });

  it('counts a delivery once that asks several times', () => {
    const replay = replayWith();
    replay.take(message(0));
    replay.take(message(31));
    const counts = ['a', 'a', 'b'].map(
      (instance) => replay.take(connection(31.01, instance)).record?.refusals[0]?.count,
    );
    // Of each, the refusals before it.
    expect(counts).toEqual([1, 2, 2]);
  });

  it('believes a version that was joined to a message without headers', () => {
    const version = parseVersion('15.1.2507.16');
    const record = logRecord({ ...connection(0), moment: 'message' });
    const joined = {
      ...record,
      facts: { ...record.facts, ...(version === undefined ? {} : { 'server.version': version }) },
    };
    expect(replayWith().take(record).decision).not.toHaveProperty('policy', 'outdated');
    expect(replayWith().take(joined).decision).toMatchObject({ policy: 'outdated', server: 'ours/192.0.2.1' });
  });
});
