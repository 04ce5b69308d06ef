import type { DurationMillis } from '../policy/duration.js';
import type { EpochMillis } from '../policy/instant.js';
import { compareVersions, parseVersion, type Version } from '../policy/version.js';
import type { SeenVersion, ServerRecord } from './server-record.js';

/**
 * The version that counts for a server: the highest seen within a time before it was last seen with one, so that one odd
 * header with an old version never gets a patched server refused.
 *
 * @param told a version that the connection itself tells, seen now
 */
export function countedVersion(
  record: ServerRecord | undefined,
  told: Version | undefined,
  now: EpochMillis,
  window: DurationMillis,
): Version | undefined {
  const seen = record?.versions;
  if (seen === undefined || seen.length === 0) return told;
  // Nearly every server has shown one version only; no instant has to be read for it.
  if (seen.length === 1 && told === undefined) return parseVersion((seen[0] as SeenVersion).version);
  let last: number = now;
  if (told === undefined) {
    last = Number.NEGATIVE_INFINITY;
    for (const { lastSeen } of seen) if (lastSeen > last) last = lastSeen;
  }
  let highest = told;
  for (const { version: text, lastSeen } of seen) {
    if (lastSeen <= last - window) continue;
    const version = parseVersion(text);
    if (version === undefined) continue;
    if (highest === undefined || compareVersions(version, highest) > 0) highest = version;
  }
  return highest;
}
