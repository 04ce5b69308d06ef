import type { CompiledPolicySet } from '../decision/compiled-policy-set.js';
import { connectorAt, trustsHeaders } from '../decision/connector.js';
import { decide } from '../decision/decide.js';
import type { Decision } from '../decision/decision.js';
import { type Observation, observeAndDecide, remember, type ShownVersion } from '../decision/observe.js';
import { serverNameOf } from '../decision/server-identity.js';
import { type ServerRecord, serverId, type VersionEvidence } from '../decision/server-record.js';
import { type Awaitable, allReady, whenReady } from '../policy/awaitable.js';
import { type DurationMillis, durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import type { Connector } from '../policy/policy-set.js';
import { formatVersion } from '../policy/version.js';
import { type PeerId, peerId, type ServerStore } from '../state/server-store.js';
import type { Detection } from '../traffic/detection.js';
import { InstanceMemory } from './instance-memory.js';

/** A connection that is judged: as a gateway sees it, or as a log tells of it. */
export interface JudgedConnection {
  readonly facts: Facts;
  /** Queue id of the message, for evidence. */
  readonly queueId?: string | undefined;
  /** Names one delivery that asks several times, so that it counts once. */
  readonly instance?: string | undefined;
}

/** A decision with what the log and the metrics tell of it. */
export interface Judgement {
  readonly decision: Decision;
  readonly record?: ServerRecord | undefined;
  /** Whether this connection started the server's clock. */
  readonly isFirstDetection: boolean;
  /** Whether the answer waits for the headers, since the server behind the peer is not certain before. */
  readonly awaitsHeaders: boolean;
}

/**
 * A server seen from a peer within this time is judged before its headers come; where nothing else is said. The service and
 * dry runs share it.
 */
export const DEFAULT_PEER_WINDOW = durationMillis(3_600_000);

export interface JudgeOptions {
  /** The policy set that runs; asked once a judgement, so that a connection sees one revision. */
  readonly policies: () => CompiledPolicySet;
  readonly store: ServerStore;
  readonly peerWindow: DurationMillis;
}

/** Brings together connection, memory and policy. What can fail here, fails; the guard around it answers for it. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #instances = new InstanceMemory();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Judges before the headers: by the server where it is known already, else by all servers seen from the peer lately. */
  connection(connection: JudgedConnection, now: EpochMillis): Awaitable<Judgement> {
    const compiled = this.#options.policies();
    const { facts } = connection;
    const connector = connectorOf(compiled, facts);
    const name = serverNameOf(connector, facts, 'before-headers');
    if (name === undefined) return this.#peer(compiled, connection, connector, now);
    return this.#server(
      compiled,
      connection,
      { connector: connector.name, name, facts, seen: toldVersion(facts) },
      now,
    );
  }

  /** Judges by what the headers told, and remembers it. */
  message(connection: JudgedConnection, detection: Detection, now: EpochMillis): Awaitable<Judgement> {
    const compiled = this.#options.policies();
    const { facts } = connection;
    const connector = connectorOf(compiled, facts);
    const isTrusted = trustsHeaders(connector) && detection.found;
    const name = serverNameOf(connector, facts, 'after-headers', isTrusted ? detection.server : undefined);
    const stamped = isTrusted ? stampedVersion(compiled, detection, connection) : undefined;
    const seen = stamped ?? toldVersion(facts);
    const observation = { connector: connector.name, name: name ?? 'unknown', facts, seen };
    const judged = this.#server(compiled, connection, observation, now);
    // A server of another software counts as well: it must not be refused for an outdated one that shares its address.
    const isSeen = trustsHeaders(connector) && (detection.found || detection.reason === 'not-exchange');
    if (!isSeen) return judged;
    return whenReady(judged, (judgement) => this.#saw(peerOf(connector, facts), judgement, now));
  }

  #saw(peer: PeerId, judgement: Judgement, now: EpochMillis): Awaitable<Judgement> {
    const { record } = judgement;
    if (record === undefined) return judgement;
    return whenReady(this.#options.store.saw(peer, record.id, now), () => judgement);
  }

  /**
   * The mildest of what every server behind the peer would get; where one would pass, the answer waits for the headers.
   *
   * A server was seen within the peer window; the others count for as long as versions do, so that a patched server that
   * sends seldom is not refused for an outdated one that shares its address and sends often.
   */
  #peer(
    compiled: CompiledPolicySet,
    connection: JudgedConnection,
    connector: Connector,
    now: EpochMillis,
  ): Awaitable<Judgement> {
    const { store, peerWindow } = this.#options;
    const since = epochMillis(now - Math.max(peerWindow, compiled.settings.versionWindow));
    return whenReady(store.seenFrom(peerOf(connector, connection.facts), since), (sightings) => {
      const isRecent = sightings.some(({ lastSeen }) => lastSeen >= now - peerWindow);
      const records = allReady((isRecent ? sightings : []).map(({ server }) => store.get(server)));
      return whenReady(records, (seen) => this.#seenServers(compiled, connection, connector, seen, now));
    });
  }

  /** Of a server that no policy refuses nothing may be remembered: there is no record then. */
  #seenServers(
    compiled: CompiledPolicySet,
    connection: JudgedConnection,
    connector: Connector,
    records: readonly (ServerRecord | undefined)[],
    now: EpochMillis,
  ): Awaitable<Judgement> {
    const known = records
      .filter((record) => record !== undefined)
      .map((record) => ({ record, decision: decide(compiled, connection.facts, record, now) }));
    const passing = known.find((each) => each.decision.action === 'accept');
    const mildest = known.find((each) => each.decision.action === 'throttle') ?? known[0];
    if (mildest === undefined || passing !== undefined || known.length < records.length) {
      const undecided = { action: 'accept', connector: connector.name, revision: compiled.policySet.revision } as const;
      const decision = passing?.decision ?? undecided;
      return { decision, record: passing?.record, isFirstDetection: false, awaitsHeaders: true };
    }
    const { decision, record } = mildest;
    const isRepeated = this.#instances.isRepeated(connection.instance);
    const result = { decision, record, isFirstDetection: false, awaitsHeaders: false };
    return this.#options.store.update(record.id, (stored) => {
      const remembered = remember(stored ?? record, decision, now, isRepeated);
      return { ...(remembered === stored ? {} : { record: remembered }), durability: 'soon', result };
    });
  }

  #server(
    compiled: CompiledPolicySet,
    connection: JudgedConnection,
    observation: Observation,
    now: EpochMillis,
  ): Awaitable<Judgement> {
    let isRepeated: boolean | undefined;
    const id = serverId(observation.connector, observation.name);
    return this.#options.store.update(id, (stored) => {
      const { record: observed, decision } = observeAndDecide(compiled, stored, observation, now);
      // Only refusals are counted. The store may ask again, and then it is still the same delivery.
      if (decision.action !== 'accept') isRepeated ??= this.#instances.isRepeated(connection.instance);
      const record = remember(observed, decision, now, isRepeated === true);
      const isFirstDetection = stored?.firstDetected === undefined && record.firstDetected !== undefined;
      const hasClockChanged = stored?.firstDetected !== record.firstDetected;
      const result = { decision, record, isFirstDetection, awaitsHeaders: false };
      // A stranger of whom nothing is to be remembered leaves no trace, so that strangers cannot fill the store.
      const isTraceless = stored === undefined && record.firstDetected === undefined && record.versions.length === 0;
      if (isTraceless || record === stored) return { durability: 'soon', result };
      return { record, durability: hasClockChanged ? 'durable' : 'soon', result };
    });
  }
}

function connectorOf({ policySet, connectorIndex }: CompiledPolicySet, facts: Facts): Connector {
  return connectorAt(policySet.connectors, connectorIndex.find(facts));
}

/** A version that the gateway told itself is evidence like one from a header. */
function toldVersion(facts: Facts): ShownVersion | undefined {
  const version = facts['server.version'];
  return version === undefined ? undefined : { version, evidence: { id: formatVersion(version) } };
}

function stampedVersion(
  { policySet }: CompiledPolicySet,
  detection: Extract<Detection, { found: true }>,
  { queueId }: JudgedConnection,
): ShownVersion | undefined {
  const { stamped } = detection;
  if (stamped === undefined) return undefined;
  const build = policySet.catalogue.find(stamped.version)?.build?.name;
  // To spread what may be absent takes several times as long.
  const evidence: { -readonly [K in keyof VersionEvidence]: VersionEvidence[K] } = {
    header: stamped.header,
    hop: stamped.hop,
    id: stamped.id,
  };
  if (queueId !== undefined) evidence.queueId = queueId;
  if (build !== undefined) evidence.build = build;
  return { version: stamped.version, evidence };
}

/**
 * A peer is its verified certificate name, else its address. Not its fingerprint: Postfix tells that to policy services but to
 * no milter, and what the one learns has to be found by the other.
 */
function peerOf(connector: Connector, facts: Facts): PeerId {
  const certificate = facts['tls.verified'] === true ? facts['tls.name'] : undefined;
  return peerId(connector.name, certificate ?? facts['client.address']?.text ?? facts.helo ?? 'unknown');
}
