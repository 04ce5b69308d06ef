import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type EpochMillis, epochMillis, parseInstant } from '@sluice/engine/policy/instant.js';
import { parseIpAddress } from '@sluice/engine/policy/network.js';
import { parseVersion } from '@sluice/engine/policy/version.js';
import { type DecisionLogEntry, formatDecisionLogEntry } from '@sluice/engine/traffic/logs/decision-log-entry.js';

/** Exchange versions from long out of support to current. */
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
const FIRST_DAY = parseInstant('2026-06-01T00:00:00Z') ?? epochMillis(0);
const DAY_MILLIS = 86_400_000;

export interface FleetLogOptions {
  readonly records: number;
  readonly servers: number;
  readonly days: number;
}

/** Traffic of a fleet of servers, in order of time, as the service would log it; the same in each run. */
export function* fleetEntries({ records, servers, days }: FleetLogOptions): Generator<DecisionLogEntry> {
  const next = numbersFrom(7);
  for (let index = 0; index < records; index++) {
    const server = next(servers);
    const at = epochMillis(FIRST_DAY + Math.floor((index * days * DAY_MILLIS) / records));
    yield entryOf(server, next(5) === 0, at, next);
  }
}

/** Writes {@link fleetEntries} as a decision log. */
export async function writeFleetLog(path: string, options: FleetLogOptions): Promise<void> {
  const stream = createWriteStream(path);
  let lines: string[] = [];
  for (const entry of fleetEntries(options)) {
    lines.push(formatDecisionLogEntry(entry));
    if (lines.length < 10_000) continue;
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
    lines = [];
  }
  stream.end(lines.join(''));
  await once(stream, 'close');
}

function entryOf(
  server: number,
  isConnection: boolean,
  at: EpochMillis,
  next: (below: number) => number,
): DecisionLogEntry {
  const name = `mx${server}.corp${server % 50}.example`;
  const address = parseIpAddress(server % 4 === 3 ? `203.0.113.${server % 256}` : `192.0.2.${server % 256}`);
  if (address === undefined) throw new Error('An address of the fleet cannot be read');
  const facts = {
    'client.address': address,
    helo: name,
    'sender.domain': `corp${server % 50}.example`,
    'tls.protocol': 'TLSv1.3',
    'message.size': 1000 + next(200_000),
    'message.recipients': 1 + next(5),
  };
  const id = VERSIONS[server % VERSIONS.length] ?? '';
  const queueId = (0x4f_00_00_00_00 + next(0x7f_ff_ff_ff)).toString(16).toUpperCase();
  if (isConnection) return { at, gateway: 'postfix-policy', moment: 'connection', facts, instance: `${queueId}.1` };
  const version = parseVersion(id);
  if (version === undefined) throw new Error('A version of the fleet cannot be read');
  const header = `Received: from ${name} (${address.text}) by ${name} (${address.text}) with Microsoft SMTP Server id ${id}; Mon, 1 Jun 2026 00:00:00 +0000`;
  const detection = { found: true, server: name, stamped: { version, id, hop: 0, header } } as const;
  return { at, gateway: 'milter', moment: 'message', facts, detection, queueId };
}

/** A small generator that gives the same numbers in each run (Park and Miller). */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
