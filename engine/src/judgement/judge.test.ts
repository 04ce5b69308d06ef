import { describe, expect, it } from 'vitest';
import { checkPolicySet } from '../decision/check-policies.js';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import { serverId } from '../decision/server-record.js';
import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis, parseInstant } from '../policy/instant.js';
import { parseIpAddress } from '../policy/network.js';
import { createMemoryStore } from '../state/memory-store.js';
import { detectServer } from '../traffic/detect-server.js';
import { readHeaderFields } from '../traffic/header-fields.js';
import { Judge, type JudgedConnection } from './judge.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = parseInstant('2026-09-08T00:00:00Z') as EpochMillis;
const OLD = '15.1.2507.16';
const FIXED = '15.1.2507.61';

const POLICY = `
name: outdated
mode: enforce
priority: 1
when:
  any:
    - { fact: server.version, operator: versionIn, value: '<15.1.2507.61' }
stages:
  - { name: report, after: 0d }
  - { name: blocked, after: 30d, block: always }
`;
const CONNECTORS = `
connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } }
  - { name: partner, type: Partner, match: { tlsNames: [mail.partner.example] } }
  - { name: internet, type: Internet }
`;
const EXEMPTIONS = `
exemptions:
  - name: spared
    whom: { all: [ { fact: server.name, operator: equal, value: spared.ours.example } ] }
    reason: Replaced in spring.
    grantedBy: ciso@example.org
    until: 2028-01-01
`;

function setUp() {
  const files = Object.entries({
    'a.policy.yaml': POLICY,
    'a.connectors.yaml': CONNECTORS,
    'a.exemptions.yaml': EXEMPTIONS,
  });
  const { policySet, findings } = checkPolicySet(
    files.map(([path, text]) => ({ path, content: new TextEncoder().encode(text) })),
    START,
  );
  if (policySet === undefined) throw new Error(JSON.stringify(findings));
  const compiled = compilePolicySet(policySet);
  const store = createMemoryStore();
  const judge = new Judge({ policies: () => compiled, store, peerWindow: durationMillis(HOUR) });
  const at = (afterMillis: number) => epochMillis(START + afterMillis);
  return {
    store,
    connect: async (facts: Facts, afterMillis: number, instance?: string) =>
      judge.connection(connection(facts, instance), at(afterMillis)),
    message: async (facts: Facts, host: string, version: string, afterMillis: number) =>
      judge.message(connection(facts), detectServer(received(host, version)), at(afterMillis)),
    other: async (facts: Facts, afterMillis: number) =>
      judge.message(connection(facts), detectServer(OTHER_SOFTWARE), at(afterMillis)),
  };
}

function connection(facts: Facts, instance?: string): JudgedConnection {
  return { facts, instance };
}

function received(host: string, version: string) {
  return readHeaderFields(
    `Received: from ${host} (192.0.2.9) by ${host} (192.0.2.9) with Microsoft SMTP Server id ${version}; Tue, 8 Sep 2026 00:00:00 +0000\r\n`,
  );
}

const OTHER_SOFTWARE = readHeaderFields(
  'Received: from a (localhost [127.0.0.1]) by a.ours.example (Postfix) with ESMTP id 4fWq7D2k; Tue, 8 Sep 2026 00:00:00 +0000\r\n',
);

function from(address: string, more: Facts = {}): Facts {
  const parsed = parseIpAddress(address);
  if (parsed === undefined) throw new Error(address);
  return { 'client.address': parsed, ...more };
}

const OURS = from('192.0.2.9');

describe('a server seen by its headers', () => {
  it('is detected with its first message and accepted, then refused in its stage', async () => {
    const { message, store } = setUp();
    const first = await message(OURS, 'mbx.ours.example', OLD, 0);
    expect(first).toMatchObject({ isFirstDetection: true, decision: { action: 'accept', stage: 'report' } });
    const record = await store.get(serverId('ours', 'mbx.ours.example'));
    expect(record).toMatchObject({ firstDetected: START, versions: [{ version: OLD, evidence: { id: OLD, hop: 0 } }] });
    const later = await message(OURS, 'MBX.ours.example', OLD, 31 * DAY);
    expect(later).toMatchObject({ isFirstDetection: false, decision: { action: 'block', stage: 'blocked' } });
  });

  it('is refused before DATA while it was seen lately, and judged by its headers again afterwards', async () => {
    const { message, connect } = setUp();
    await message(OURS, 'mbx.ours.example', OLD, 0);
    await message(OURS, 'mbx.ours.example', OLD, 31 * DAY);
    expect(await connect(OURS, 31 * DAY + HOUR / 2)).toMatchObject({
      decision: { action: 'block' },
      awaitsHeaders: false,
    });
    expect(await connect(OURS, 31 * DAY + 2 * HOUR)).toMatchObject({
      decision: { action: 'accept' },
      awaitsHeaders: true,
    });
  });

  it('is accepted with the first message that shows a fixed version', async () => {
    const { message, store } = setUp();
    await message(OURS, 'mbx.ours.example', OLD, 0);
    await message(OURS, 'mbx.ours.example', OLD, 31 * DAY);
    expect(await message(OURS, 'mbx.ours.example', FIXED, 32 * DAY)).toMatchObject({ decision: { action: 'accept' } });
    const record = await store.get(serverId('ours', 'mbx.ours.example'));
    expect(record?.firstDetected).toBeUndefined();
  });

  it('is not refused for one odd header with an old build', async () => {
    const { message, store } = setUp();
    await message(OURS, 'mbx.ours.example', FIXED, 0);
    expect(await message(OURS, 'mbx.ours.example', OLD, 2 * DAY)).toMatchObject({ isFirstDetection: false });
    expect((await store.get(serverId('ours', 'mbx.ours.example')))?.firstDetected).toBeUndefined();
  });

  it('is never refused while it is exempted', async () => {
    const { message, connect } = setUp();
    await message(OURS, 'spared.ours.example', OLD, 0);
    for (const day of [31, 91, 300]) {
      const judged = await message(OURS, 'spared.ours.example', OLD, day * DAY);
      expect(judged.decision).toMatchObject({ action: 'accept', exemption: 'spared' });
      expect((await connect(OURS, day * DAY + 1)).decision.action).toBe('accept');
    }
  });
});

describe('two servers behind one peer', () => {
  it('are told apart: before DATA the peer passes while one of them is fine', async () => {
    const { message, connect } = setUp();
    await message(OURS, 'old.ours.example', OLD, 0);
    await message(OURS, 'old.ours.example', OLD, 31 * DAY);
    await message(OURS, 'new.ours.example', FIXED, 31 * DAY + 1);
    expect(await connect(OURS, 31 * DAY + 2)).toMatchObject({ decision: { action: 'accept' }, awaitsHeaders: true });
    expect((await message(OURS, 'new.ours.example', FIXED, 31 * DAY + 3)).decision.action).toBe('accept');
    expect((await message(OURS, 'old.ours.example', OLD, 31 * DAY + 4)).decision.action).toBe('block');
  });

  it('are told apart too where the fine one sends seldom', async () => {
    const { message, connect } = setUp();
    await message(OURS, 'old.ours.example', OLD, 0);
    await message(OURS, 'new.ours.example', FIXED, 31 * DAY);
    await message(OURS, 'old.ours.example', OLD, 31 * DAY + 5 * HOUR);
    const later = 31 * DAY + 5 * HOUR + 1;
    expect(await connect(OURS, later)).toMatchObject({ decision: { action: 'accept' }, awaitsHeaders: true });
  });
});

describe('a server of another software behind the peer of an outdated one', () => {
  it('is not refused before DATA once it was seen', async () => {
    const { message, connect, other } = setUp();
    await message(OURS, 'old.ours.example', OLD, 0);
    await message(OURS, 'old.ours.example', OLD, 31 * DAY);
    expect((await connect(OURS, 31 * DAY + 1)).decision.action).toBe('block');
    expect((await other(OURS, 31 * DAY + 2 * HOUR)).decision.action).toBe('accept');
    expect((await message(OURS, 'old.ours.example', OLD, 31 * DAY + 3 * HOUR)).decision.action).toBe('block');
    expect(await connect(OURS, 31 * DAY + 3 * HOUR + 1)).toMatchObject({
      decision: { action: 'accept' },
      awaitsHeaders: true,
    });
  });
});

describe('a stranger who forges headers', () => {
  const stranger = from('203.0.113.66', { 'tls.verified': false, 'tls.name': 'mail.partner.example' });
  const partner = from('198.51.100.7', { 'tls.verified': true, 'tls.name': 'mail.partner.example' });

  it('cannot get a partner detected, let alone blocked', async () => {
    const { message, connect, store } = setUp();
    await message(partner, 'mail.partner.example', FIXED, 0);
    for (let day = 0; day < 120; day += 5) await message(stranger, 'mail.partner.example', OLD, day * DAY);
    const record = await store.get(serverId('partner', 'mail.partner.example'));
    expect(record?.firstDetected).toBeUndefined();
    expect(record?.versions.map((each) => each.version)).toEqual([FIXED]);
    expect((await connect(partner, 120 * DAY)).decision.action).toBe('accept');
    expect((await message(partner, 'mail.partner.example', FIXED, 120 * DAY)).decision.action).toBe('accept');
  });

  it('leaves no trace in the store, so that strangers cannot fill it', async () => {
    const { message, connect, store } = setUp();
    await message(stranger, 'mail.partner.example', OLD, 0);
    await connect(stranger, 1);
    const records = [];
    for await (const record of store.list()) records.push(record);
    expect(records).toEqual([]);
  });
});

describe('a delivery that asks once a recipient', () => {
  it('counts one refusal', async () => {
    const { message, connect, store } = setUp();
    await message(OURS, 'mbx.ours.example', OLD, 0);
    await message(OURS, 'mbx.ours.example', OLD, 31 * DAY);
    for (let recipient = 0; recipient < 5; recipient++) await connect(OURS, 31 * DAY + 1000, 'delivery-1');
    const record = await store.get(serverId('ours', 'mbx.ours.example'));
    expect(record?.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});
