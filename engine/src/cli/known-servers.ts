import { readFile } from 'node:fs/promises';
import { type ServerRecord, serverId } from '../decision/server-record.js';
import { isDomain, normalizeDomain } from '../policy/domain.js';
import { parseInstant } from '../policy/instant.js';
import { formatVersion, parseVersion } from '../policy/version.js';
import { openLmdbStore } from '../state/lmdb-store.js';
import { UsageError } from './exit-code.js';

/**
 * The servers that are remembered before a log begins, as `--first-detected` names them: `log-start` for none, `store` for the
 * embedded store, else a file as `sluice servers --format json` writes it.
 *
 * @throws UsageError where they cannot be read
 */
export async function knownServers(from: string, store: string): Promise<readonly ServerRecord[]> {
  if (from === 'log-start') return [];
  return from === 'store' ? storedServers(store) : serversOfFile(from);
}

/** All that an embedded store remembers; the service may run at the same time. */
export async function storedServers(path: string): Promise<readonly ServerRecord[]> {
  const store = await openLmdbStore({ path, readOnly: true });
  try {
    const records: ServerRecord[] = [];
    for await (const record of store.list()) records.push(record);
    return records;
  } finally {
    await store.close();
  }
}

async function serversOfFile(path: string): Promise<readonly ServerRecord[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  });
  let rows: unknown;
  try {
    rows = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`${path} is no JSON. Expected is what sluice servers --format json writes`);
  }
  if (!Array.isArray(rows)) throw new UsageError(`${path} is no list of servers`);
  return rows.map((row, index) => recordOf(row, `${path}: server ${index + 1}`));
}

function recordOf(row: unknown, place: string): ServerRecord {
  const { server, connector, firstDetected, lastSeen, version } = (row ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof server !== 'string' || typeof connector !== 'string') {
    throw new UsageError(`${place} has no server and connector`);
  }
  const detected = typeof firstDetected === 'string' ? parseInstant(firstDetected) : undefined;
  const last = typeof lastSeen === 'string' ? parseInstant(lastSeen) : undefined;
  const known = typeof version === 'string' ? parseVersion(version) : undefined;
  const seen = last ?? detected;
  const isWrong = (given: unknown, read: unknown) => given !== undefined && read === undefined;
  if (seen === undefined || isWrong(firstDetected, detected) || isWrong(lastSeen, last)) {
    throw new UsageError(`${place} has no instant in firstDetected or lastSeen, such as 2026-09-08T00:00:00Z`);
  }
  if (isWrong(version, known)) throw new UsageError(`${place} has no version in version, such as 15.1.2507.39`);
  const asDomain = normalizeDomain(server);
  // Addresses and fingerprints stay as they are.
  const name = isDomain(asDomain) ? asDomain : server;
  const text = known === undefined ? undefined : formatVersion(known);
  return {
    id: serverId(connector, name),
    connector,
    name,
    firstSeen: detected ?? seen,
    lastSeen: seen,
    versions: text === undefined ? [] : [{ version: text, firstSeen: seen, lastSeen: seen, evidence: { id: text } }],
    pauses: [],
    refusals: [],
    ...(detected === undefined ? {} : { firstDetected: detected }),
    ...(detected === undefined || text === undefined ? {} : { detectedVersion: text }),
  };
}
