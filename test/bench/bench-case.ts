import { type EpochMillis, epochMillis, formatVersion, parseIpAddress, serverId, type Version } from '@sluice/engine';
import { addressText, type Case, packVersion } from './population.js';
import { type Random, wholeNumber } from './random.js';

const DAY_MILLIS = 86_400_000;
const NOW = epochMillis(Date.UTC(2026, 8, 8));
/** Servers were first detected up to so long ago, so that every stage of the policies occurs. */
const LONGEST_KNOWN_DAYS = 120;

/** Who connects, with which version. */
export interface Sender {
  readonly connector: string;
  readonly version: Version;
  /** IPv4, as a number. */
  readonly address: number;
  /** Whether the facts name connector and version, or both follow from the address and the record. */
  readonly identity: 'told' | 'derived';
}

/** Makes one question. */
export function caseOf(sender: Sender, index: number, random: Random): Case {
  const now = epochMillis(NOW + wholeNumber(random, 0, DAY_MILLIS));
  const helo = `mail-${index}.partner.example`;
  const { connector, version, address, identity } = sender;
  const clientAddress = parseIpAddress(addressText(address));
  if (clientAddress === undefined) throw new Error(`${address} is no IPv4 address`);
  const facts = {
    'client.address': clientAddress,
    'client.name': helo,
    helo,
    'sender.domain': 'partner.example',
    'tls.protocol': 'TLSv1.3',
    'message.size': 4096,
    ...(identity === 'told' ? { 'connector.name': connector, 'server.version': version } : {}),
  };
  const firstDetected = epochMillis(now - Math.floor(random() * LONGEST_KNOWN_DAYS * DAY_MILLIS));
  const plain = { connector, version: packVersion(version), address };
  return { facts, record: recordOf({ connector, name: helo, version, firstDetected, now }), now, plain };
}

function recordOf(known: {
  readonly connector: string;
  readonly name: string;
  readonly version: Version;
  readonly firstDetected: EpochMillis;
  readonly now: EpochMillis;
}): Case['record'] {
  const { connector, name, version, firstDetected, now } = known;
  const lastSeen = epochMillis(now - 3_600_000);
  const text = formatVersion(version);
  return {
    id: serverId(connector, name),
    connector,
    name,
    firstSeen: firstDetected,
    lastSeen,
    firstDetected,
    detectedVersion: text,
    versions: [{ version: text, firstSeen: firstDetected, lastSeen, evidence: { id: text, hop: 0 } }],
    pauses: [],
    refusals: [],
  };
}
