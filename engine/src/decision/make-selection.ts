import type { FactName, Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { connectorAt } from './connector.js';
import { countedVersion } from './counted-version.js';
import { deriveFacts } from './derive-facts.js';
import type { Selection } from './selection.js';
import type { ServerRecord } from './server-record.js';

/** A connection as a gateway told it, with what is remembered of its server. */
export function selectionOf(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Selection {
  const isOverridden = OVERRIDABLE.some((name) => facts[name] !== undefined);
  const connector = compiled.connectorIndex.find(facts);
  let all: Facts | undefined;
  return {
    facts,
    isOverridden,
    connector,
    connectorName: facts['connector.name'] ?? connectorAt(compiled.policySet.connectors, connector).name,
    version: countedVersion(record, facts['server.version'], now, compiled.settings.versionWindow),
    serverName: facts['server.name'] ?? record?.name,
    isKnown: record !== undefined && record.firstSeen < now,
    now,
    allFacts: () => {
      all ??= deriveFacts(compiled, facts, record, now);
      return all;
    },
  };
}

/** A connection of which all facts are told, those that are else derived as well. */
export function derivedSelectionOf(facts: Facts, now: EpochMillis): Selection {
  return {
    facts,
    isOverridden: true,
    connector: -1,
    connectorName: facts['connector.name'],
    version: facts['server.version'],
    serverName: facts['server.name'],
    isKnown: facts['server.known'] ?? false,
    now,
    allFacts: () => facts,
  };
}

/** Facts that gateways do not tell, but that HTTP clients and the command line may. */
const OVERRIDABLE = [
  'connector.name',
  'connector.type',
  'server.tags',
  'server.known',
  'server.product',
  'server.build',
  'server.build.exact',
  'server.build.released',
  'server.build.age',
  'server.build.behind',
  'server.supportEnds',
  'server.supported',
  'time',
] as const satisfies readonly FactName[];
