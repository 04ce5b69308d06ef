import type { ServerId } from '../decision/server-record.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PeerSighting } from './server-store.js';

/** Servers that are remembered of one peer. */
export const MAX_SIGHTINGS = 64;

/** How far a stored `lastSeen` may lag behind, in milliseconds: a busy peer costs one write a minute and server. */
export const SIGHTING_GRAIN_MILLIS = 60_000;

/**
 * Adds a sighting to those of a peer.
 *
 * @returns the sightings to save, the latest first, at most {@link MAX_SIGHTINGS}; undefined where the server is known
 * and was seen less than {@link SIGHTING_GRAIN_MILLIS} earlier, or later
 */
export function withSighting(
  sightings: readonly PeerSighting[],
  server: ServerId,
  at: EpochMillis,
): readonly PeerSighting[] | undefined {
  const known = sightings.find((sighting) => sighting.server === server);
  if (known !== undefined && at - known.lastSeen < SIGHTING_GRAIN_MILLIS) return undefined;
  const others = sightings.filter((sighting) => sighting !== known);
  const added = { server, lastSeen: at };
  // Nearly always it is the latest.
  const isLatest = others.every(({ lastSeen }) => lastSeen < at);
  const all = isLatest ? [added, ...others] : [...others, added].sort(latestFirst);
  return all.slice(0, MAX_SIGHTINGS);
}

/** The sightings that are not older than an instant, the latest first. */
export function sightingsSince(sightings: readonly PeerSighting[], since: EpochMillis): readonly PeerSighting[] {
  return sightings.filter((sighting) => sighting.lastSeen >= since);
}

function latestFirst(a: PeerSighting, b: PeerSighting): number {
  if (a.lastSeen !== b.lastSeen) return b.lastSeen - a.lastSeen;
  return a.server < b.server ? -1 : 1;
}
