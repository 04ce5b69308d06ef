import fc from 'fast-check';
import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import type { ServerId } from '../../decision/server-record.js';
import { durationMillis } from '../../policy/duration.js';
import type { Facts } from '../../policy/fact.js';
import type { EpochMillis } from '../../policy/instant.js';
import { parseVersion } from '../../policy/version.js';
import type { Detection } from '../../traffic/detection.js';
import { type LogRecord, logRecord } from '../../traffic/logs/log-record.js';
import { Replay } from '../replay/replay.js';

const DAY_MILLIS = 86_400_000;
export const PEER_WINDOW = durationMillis(DAY_MILLIS);

/** A server of a fleet: what its messages are like, and when it sends. */
export interface FleetServer {
  readonly facts: Facts;
  /** Versions that it shows on the first day, one after the other; it stays with the highest of them. */
  readonly versions: readonly string[];
  /** Milliseconds of the first day at which it sends. */
  readonly firstDay: readonly number[];
  /** Milliseconds after the first day at which it sends. */
  readonly later: readonly number[];
  /** Pauses granted at the end of the first day: when they begin after that, and how long they last, in milliseconds. */
  readonly pauses: readonly (readonly [number, number])[];
}

/** Exchange versions from long out of support to current, in rising order. */
const VERSIONS = [
  '8.3.83.0',
  '14.3.123.4',
  '14.3.513.0',
  '15.0.1497.2',
  '15.1.2507.16',
  '15.1.2507.39',
  '15.1.2507.61',
  '15.2.1118.40',
  '15.2.1544.4',
  '15.2.2562.17',
];

/** Servers of a fleet with some facts each. @param days how long they send */
export function fleetServers(facts: fc.Arbitrary<Facts>, days: number): fc.Arbitrary<FleetServer> {
  const afterFirstDay = fc.integer({ min: 1, max: (days - 1) * DAY_MILLIS - 1 });
  return fc.record({
    facts,
    versions: fc
      .subarray(VERSIONS, { maxLength: 2 })
      .map((versions) => (versions.length < 2 ? versions : [...versions].reverse())),
    firstDay: fc.array(fc.integer({ min: 0, max: DAY_MILLIS - 1 }), { minLength: 2, maxLength: 4 }),
    later: fc.array(afterFirstDay, { minLength: 20, maxLength: 40 }),
    pauses: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(afterFirstDay, fc.nat(40 * DAY_MILLIS)), { maxLength: 2 }) },
    ),
  });
}

/** A server with its number, by which its host is called. */
export interface NumberedServer extends FleetServer {
  readonly number: number;
}

/** The servers of a fleet that a policy set tells apart from all before them, by what it calls them. */
export function toldApart(
  compiled: CompiledPolicySet,
  fleet: readonly FleetServer[],
  firstDay: EpochMillis,
): ReadonlyMap<ServerId, NumberedServer> {
  const servers = new Map<ServerId, NumberedServer>();
  for (const [number, each] of fleet.entries()) {
    const server = { ...each, number };
    const probe = new Replay(compiled, { peerWindow: PEER_WINDOW, shift: durationMillis(0) });
    const id = probe.take(messageOf(server, firstDay, server.versions[0])).record?.id;
    if (id !== undefined && !servers.has(id)) servers.set(id, server);
  }
  return servers;
}

/** A message of a server, as a log has it. @param shown the version that it shows */
export function messageOf({ facts, number }: NumberedServer, at: EpochMillis, shown: string | undefined): LogRecord {
  return logRecord({ at, moment: 'message', facts, detection: detectionOf(number, shown), file: 'fleet.log', line: 1 });
}

function detectionOf(number: number, id: string | undefined): Detection {
  const server = `mx${number}.corp.example`;
  const version = id === undefined ? undefined : parseVersion(id);
  if (id === undefined || version === undefined) return { found: true, server };
  return { found: true, server, stamped: { version, id, hop: 0, header: `Received: by ${server} id ${id}` } };
}
