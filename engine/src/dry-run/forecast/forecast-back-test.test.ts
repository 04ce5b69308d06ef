import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePolicySet } from '../../decision/compile-policy-set.js';
import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import { windowAt } from '../../decision/enforcement-window.js';
import { factsOf, policySets, policyTextsOf, writtenFacts } from '../../decision/policy-set-arbitrary.fixture.js';
import { type ServerId, serverId } from '../../decision/server-record.js';
import { calendarEdges, toldEdges } from '../../decision/time-edges.js';
import { durationMillis } from '../../policy/duration.js';
import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis, formatInstant } from '../../policy/instant.js';
import { parseIpAddress } from '../../policy/network.js';
import type { PolicySet } from '../../policy/policy-set.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { readPolicyFolder } from '../../policy/read-policy-folder.js';
import { readPolicySet } from '../../policy/read-policy-set.js';
import { Replay, type ReplayedRecord } from '../replay/replay.js';
import {
  type FleetServer,
  fleetServers,
  messageOf,
  type NumberedServer,
  PEER_WINDOW,
  toldApart,
} from './fleet.fixture.js';
import { forecast } from './forecast.js';
import { type ForecastReport, type ForecastSpan, isRefusing, type ServerForecast } from './forecast-report.js';
import { type KnownServer, treatmentOf } from './server-spans.js';
import { TrafficTally } from './traffic-tally.js';

const DAY_MILLIS = 86_400_000;
const DAYS = 120;
const NO_SHIFT = durationMillis(0);

interface Sending {
  readonly server: NumberedServer;
  readonly at: EpochMillis;
  readonly shown: string | undefined;
}

type Servers = ReadonlyMap<ServerId, NumberedServer>;

/**
 * Forecasts from the first day of a fleet's traffic, replays all the rest of it, and compares each decision with the forecast
 * of its instant.
 *
 * @returns how many servers and decisions of each kind were compared
 */
async function backTest(
  compiled: CompiledPolicySet,
  fleet: readonly FleetServer[],
  firstDay: EpochMillis,
): Promise<Readonly<Record<string, number>>> {
  const servers = toldApart(compiled, fleet, firstDay);
  const from = epochMillis(firstDay + DAY_MILLIS);
  const known = await learn(compiled, servers, firstDay);
  const report = forecast(compiled, known, { from, days: DAYS - 1 });
  const foreseen = new Map(report.servers.map((each) => [serverId(each.connector, each.server), each]));
  const records = known.map(({ record }) => record);
  const remembered = new Set(records.map(({ id }) => id));
  const replay = new Replay(compiled, { peerWindow: PEER_WINDOW, shift: NO_SHIFT, servers: records });
  const counts: Record<string, number> = { servers: remembered.size };
  for (const sending of laterSendings(compiled, servers, foreseen, report)) {
    const replayed = take(replay, sending);
    // Of strangers that no policy minds nothing is remembered: there is no forecast of them.
    if (replayed.record === undefined || !remembered.has(replayed.record.id)) continue;
    compare(replayed, foreseen.get(replayed.record.id));
    const { action, stage } = replayed.decision;
    for (const kind of [action, stage ?? 'no stage']) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** What is known of the servers after the first day, at the end of which some are granted pauses. */
async function learn(
  compiled: CompiledPolicySet,
  servers: Servers,
  firstDay: EpochMillis,
): Promise<readonly KnownServer[]> {
  const replay = new Replay(compiled, { peerWindow: PEER_WINDOW, shift: NO_SHIFT });
  const traffic = new TrafficTally();
  const sendings = [...servers.values()].flatMap((server) =>
    server.firstDay.map((millis, time): Sending => {
      const shown = server.versions[Math.min(time, server.versions.length - 1)];
      return { server, at: epochMillis(firstDay + millis), shown };
    }),
  );
  for (const sending of inOrder(sendings)) traffic.add(take(replay, sending));
  const known: KnownServer[] = [];
  for await (const record of replay.servers()) {
    const pauses = (servers.get(record.id)?.pauses ?? []).map(([start, length]) => ({
      from: epochMillis(firstDay + DAY_MILLIS + start),
      until: epochMillis(firstDay + DAY_MILLIS + start + length),
    }));
    known.push(traffic.knownServer({ ...record, pauses }));
  }
  return known;
}

/**
 * A clock starts with a message: each server sends at the instants at which the calendar may bring it a policy. All others come
 * at random, and where the forecast says that something begins: a millisecond before, and then.
 */
function laterSendings(
  compiled: CompiledPolicySet,
  servers: Servers,
  foreseen: ReadonlyMap<ServerId, ServerForecast>,
  { from, until }: ForecastReport,
): readonly Sending[] {
  const calendar = calendarEdges(compiled.policySet);
  const sendings = [...servers].flatMap(([id, server]) => {
    const entries = (foreseen.get(id)?.spans ?? []).flatMap((span) => [span.from - 1, span.from]);
    const random = server.later.map((millis) => from + millis);
    return [from, ...calendar, ...toldEdges(compiled.policySet, server.facts), ...entries, ...random]
      .filter((instant) => instant >= from && instant < until)
      .map((instant): Sending => ({ server, at: epochMillis(instant), shown: server.versions[0] }));
  });
  return inOrder(sendings);
}

function inOrder(sendings: readonly Sending[]): readonly Sending[] {
  return [...sendings].sort((a, b) => a.at - b.at);
}

function take(replay: Replay, { server, at, shown }: Sending): ReplayedRecord {
  return replay.take(messageOf(server, at, shown));
}

const NOTHING = { throttle: 0, block: 0 };

function compare({ decision, record, at }: ReplayedRecord, foreseen: ServerForecast | undefined): void {
  const span = foreseen?.spans.find(({ until }) => at < until);
  const { from: _from, until: _until, ...treatment } = span ?? ({ ...NOTHING } as Partial<ForecastSpan>);
  const window = span === undefined ? undefined : windowAt(span, record?.id ?? '', at);
  const action =
    span === undefined || !isRefusing(span) || window === undefined || window.phase === 'open'
      ? 'accept'
      : window.phase;
  const actual = { ...treatmentOf(decision), action: decision.action, window: decision.window };
  expect(actual, `${record?.id} at ${formatInstant(at)}`).toEqual({ ...treatment, action, window });
}

async function samplePolicies(): Promise<PolicySet> {
  const files = await readPolicyFolder(fileURLToPath(new URL('../../../../policies', import.meta.url)));
  const { policySet } = readPolicySet(files, instantOf('2026-09-08'));
  if (policySet === undefined) throw new Error('The sample policies have errors');
  return policySet;
}

/** Mail servers of the networks that the sample policies name, and of others; one has an exemption. */
const sampleFacts: fc.Arbitrary<Facts> = fc
  .tuple(fc.constantFrom('192.0.2', '192.0.2', '192.0.2', '192.0.2', '198.51.100', '203.0.113'), fc.nat(255))
  .map(([network, host]): Facts => {
    const address = parseIpAddress(`${network}.${host}`);
    const name = host === 0 ? { 'server.name': 'fax01.contoso.example' } : {};
    return { ...(address === undefined ? {} : { 'client.address': address }), helo: `mx${host}.corp.example`, ...name };
  });

test.each([
  ['over the day on which the minimum rises', '2026-08-20'],
  ['over the end of an exemption', '2027-01-20'],
])('a forecast of 1,000 servers and 120 days is what replay decides later, %s', async (_name, firstDay) => {
  const compiled = compilePolicySet(await samplePolicies());
  const fleet = fc.sample(fleetServers(sampleFacts, DAYS), { numRuns: 2300, seed: 7 });
  const counts = await backTest(compiled, fleet, instantOf(firstDay));
  expect(counts['servers']).toBeGreaterThanOrEqual(1000);
  const stages = ['report', 'throttle-5', 'throttle-10', 'throttle-20', 'block-5', 'block-10', 'block-20', 'blocked'];
  for (const kind of ['accept', 'throttle', 'block', ...stages]) expect(counts[kind], kind).toBeGreaterThan(100);
});

test('a forecast is what replay decides later, whatever the policies', async () => {
  // Refusals to come cannot be foreseen, so that thresholds are left out.
  const sets = policySets.map((written) => ({
    ...written,
    policies: written.policies.map(({ thresholds: _thresholds, ...policy }) => policy),
  }));
  const fleets = fc.array(fleetServers(writtenFacts.map(factsOf), DAYS), { minLength: 5, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(sets, fleets, async (written, fleet) => {
      const compiled = compilePolicySet(policySetOf(policyTextsOf(written)));
      await backTest(compiled, fleet, instantOf('2026-05-20'));
    }),
    { numRuns: 60 },
  );
});
