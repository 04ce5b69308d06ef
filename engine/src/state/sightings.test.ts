import { expect, it } from 'vitest';
import type { PeerSighting } from './server-store.js';
import { sightingsSince, withSighting } from './sightings.js';
import { at, idOf } from './stores.fixture.js';

const KNOWN: readonly PeerSighting[] = [{ server: idOf('a'), lastSeen: at(120_000) }];

it.each([
  ['at the same instant', 120_000],
  ['just under a minute later', 179_999],
  ['earlier than it was last seen', 0],
])('saves nothing for a known server that is seen %s', (_when, millis) => {
  expect(withSighting(KNOWN, idOf('a'), at(millis))).toBeUndefined();
});

it('saves a known server that is seen a minute later', () => {
  expect(withSighting(KNOWN, idOf('a'), at(180_000))).toStrictEqual([{ server: idOf('a'), lastSeen: at(180_000) }]);
});

it('saves a new server at once', () => {
  expect(withSighting(KNOWN, idOf('b'), at(0))).toStrictEqual([...KNOWN, { server: idOf('b'), lastSeen: at(0) }]);
});

it('orders servers that were seen at one instant by their ids', () => {
  const sightings = withSighting([{ server: idOf('b'), lastSeen: at(0) }], idOf('a'), at(0));
  expect(sightings?.map(({ server }) => server)).toStrictEqual([idOf('a'), idOf('b')]);
});

it('counts a sighting at the instant asked for, and none before it', () => {
  expect(sightingsSince(KNOWN, at(120_000))).toStrictEqual(KNOWN);
  expect(sightingsSince(KNOWN, at(120_001))).toStrictEqual([]);
});
