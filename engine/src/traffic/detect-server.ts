import { compareVersions, parseVersion, type Version } from '../policy/version.js';
import { isCloudHost, isCloudVersion } from './cloud-host.js';
import type { Detection, HeaderField, StampedVersion } from './detection.js';
import { unfold } from './header-fields.js';
import { parseReceived, type ReceivedHop } from './received.js';

/** Longest header text that is kept as evidence, in characters. */
const MAX_EVIDENCE_LENGTH = 500;
/** Longest part of a header that a message shows, in characters. */
const MAX_EXCERPT_LENGTH = 160;

interface Hop extends ReceivedHop {
  /** 0 for the topmost. */
  readonly index: number;
  readonly header: string;
}

/**
 * Tells from the headers of a message which Exchange server handed it over, and which version that server has.
 *
 * A `Received:` field is stamped by the host in its `by` part. A gateway has not yet stamped its own, so the topmost field
 * is the connecting server's, and it alone decides who the server is; every field below can have been written by anyone.
 * The version is the highest that this host stamped on the message, in whichever hop: its SMTP ids often lag the update
 * that its MAPI ids show. It is a lower bound of the installed build. An id that cannot be read counts as none.
 *
 * @param headers the fields of the message from the top down, folded or not
 */
export function detectServer(headers: readonly HeaderField[]): Detection {
  const hops = readHops(headers);
  const [topmost] = hops;
  if (topmost === undefined) {
    return notFound('no-received', 'The message has no Received field, so nothing tells which server handed it over.');
  }
  const problem = whyNotExchange(topmost);
  if (problem !== undefined) return notFound('not-exchange', `${problem} It reads: ${excerptOf(topmost)}`);
  const server = topmost.by ?? '';
  if (isCloudHost(server)) {
    return notFound('cloud', `The topmost Received field was stamped by ${server}, a host of Exchange Online.`);
  }
  const topmostVersion = versionOf(topmost);
  if (topmostVersion !== undefined && isCloudVersion(topmostVersion)) {
    const message = `The topmost Received field has the id ${topmost.id}, which only Exchange Online stamps (15.20 and above).`;
    return notFound('cloud', message);
  }
  const stamped = highestStamped(hops, server);
  return stamped === undefined ? { found: true, server } : { found: true, server, stamped };
}

function readHops(headers: readonly HeaderField[]): Hop[] {
  return headers
    .filter((field) => field.name.toLowerCase() === 'received')
    .map((field, index) => {
      const value = unfold(field.value);
      return { ...parseReceived(value), index, header: `${field.name}: ${value}`.slice(0, MAX_EVIDENCE_LENGTH) };
    });
}

function whyNotExchange(hop: Hop): string | undefined {
  const field = 'The topmost Received field';
  switch (hop.software) {
    case 'other':
      return `${field} was not stamped by Exchange ("with Microsoft SMTP Server", "with mapi" and the like were expected).`;
    case 'smtpsvc':
      return `${field} was stamped by the SMTP service of Windows; its number is a version of Windows and proves no Exchange.`;
    case 'pickup':
      return `${field} was stamped by the pickup folder of the SMTP service of Windows, which proves no Exchange.`;
    default:
      return hop.by === undefined ? `${field} names no host after "by", or a masked one.` : undefined;
  }
}

function highestStamped(hops: readonly Hop[], server: string): StampedVersion | undefined {
  let highest: StampedVersion | undefined;
  for (const hop of hops) {
    if (hop.by !== server || hop.id === undefined) continue;
    const version = versionOf(hop);
    if (version === undefined || isCloudVersion(version)) continue;
    if (highest !== undefined && compareVersions(version, highest.version) <= 0) continue;
    highest = { version, id: hop.id, hop: hop.index, header: hop.header };
  }
  return highest;
}

function versionOf(hop: Hop): Version | undefined {
  return hop.id === undefined ? undefined : parseVersion(hop.id);
}

function excerptOf(hop: Hop): string {
  return hop.header.length <= MAX_EXCERPT_LENGTH ? hop.header : `${hop.header.slice(0, MAX_EXCERPT_LENGTH)}…`;
}

function notFound(reason: 'no-received' | 'not-exchange' | 'cloud', message: string): Detection {
  return { found: false, reason, message };
}
