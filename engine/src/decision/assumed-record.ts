import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { connectorOf } from './connector.js';
import { serverNameOf } from './server-identity.js';
import { type ServerRecord, serverId } from './server-record.js';

/** The record that the service would have of the server behind a connection, had it first detected it then. */
export function assumedRecord(
  compiled: CompiledPolicySet,
  facts: Facts,
  firstDetected: EpochMillis,
  now: EpochMillis,
): ServerRecord {
  const connector = connectorOf(compiled.policySet.connectors, facts);
  const name = serverNameOf(connector, facts, 'after-headers') ?? 'unknown';
  return {
    id: serverId(connector.name, name),
    connector: connector.name,
    name,
    firstSeen: firstDetected,
    lastSeen: now,
    firstDetected,
    versions: [],
    pauses: [],
    refusals: [],
  };
}
