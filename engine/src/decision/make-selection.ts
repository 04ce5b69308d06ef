import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Version } from '../policy/version.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { connectorAt } from './connector.js';
import { countedVersion } from './counted-version.js';
import { deriveFacts } from './derive-facts.js';
import type { ConnectorIndex } from './diagram/connector-index.js';
import type { Selection } from './selection.js';
import type { ServerRecord } from './server-record.js';

/** A connection as a gateway told it, with what is remembered of its server. */
export function selectionOf(
  compiled: CompiledPolicySet,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Selection {
  return new ToldSelection(compiled, facts, record, now);
}

class ToldSelection implements Selection {
  readonly facts: Facts;
  readonly isOverridden: boolean;
  readonly connector: number;
  readonly version: Version | undefined;
  readonly now: EpochMillis;
  readonly #compiled: CompiledPolicySet;
  readonly #record: ServerRecord | undefined;
  #all: Facts | undefined;

  constructor(compiled: CompiledPolicySet, facts: Facts, record: ServerRecord | undefined, now: EpochMillis) {
    this.facts = facts;
    this.isOverridden = overrides(facts, compiled.connectorIndex);
    this.connector = compiled.connectorIndex.find(facts);
    this.version = countedVersion(record, facts['server.version'], now, compiled.settings.versionWindow);
    this.now = now;
    this.#compiled = compiled;
    this.#record = record;
  }

  get connectorName(): string {
    return this.facts['connector.name'] ?? connectorAt(this.#compiled.policySet.connectors, this.connector).name;
  }

  get serverName(): string | undefined {
    return this.facts['server.name'] ?? this.#record?.name;
  }

  get isKnown(): boolean {
    return this.#record !== undefined && this.#record.firstSeen < this.now;
  }

  allFacts(): Facts {
    this.#all ??= deriveFacts(this.#compiled, this.facts, this.#record, this.now);
    return this.#all;
  }
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

/**
 * Whether facts are told that gateways do not tell, but HTTP clients and the command line may; to name a declared connector is
 * no more than to say by which one of them the connection came in. Each fact is named in its own place: this stands on the path
 * of every decision, and a loop over the names takes ten times as long.
 */
function overrides(facts: Facts, connectorIndex: ConnectorIndex): boolean {
  const connectorName = facts['connector.name'];
  return (
    (connectorName !== undefined && !connectorIndex.has(connectorName)) ||
    facts['connector.type'] !== undefined ||
    facts['server.tags'] !== undefined ||
    facts['server.known'] !== undefined ||
    facts['server.product'] !== undefined ||
    facts['server.build'] !== undefined ||
    facts['server.build.exact'] !== undefined ||
    facts['server.build.released'] !== undefined ||
    facts['server.build.age'] !== undefined ||
    facts['server.build.behind'] !== undefined ||
    facts['server.supportEnds'] !== undefined ||
    facts['server.supported'] !== undefined ||
    facts.time !== undefined
  );
}
