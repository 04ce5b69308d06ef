import { type DurationMillis, durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import type { Policy } from '../policy/policy-set.js';
import { compareVersions, formatVersion, parseVersion, type Version } from '../policy/version.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { decisionOf } from './decide.js';
import type { Decision } from './decision.js';
import { clockStartedAt, elapsedSince } from './enforcement-clock.js';
import { selectionOf } from './make-selection.js';
import type { Decider } from './policy-selector.js';
import type { Selection } from './selection.js';
import { type SeenVersion, type ServerRecord, serverId, type VersionEvidence } from './server-record.js';

/** Versions that are kept of one server. */
export const MAX_SEEN_VERSIONS = 8;
const HOUR_MILLIS = 3_600_000;

/** A version that a server showed, and by what. */
export interface ShownVersion {
  readonly version: Version;
  readonly evidence: VersionEvidence;
}

/** What a connection showed of a server. */
export interface Observation {
  readonly connector: string;
  /** Name of the server within its connector. */
  readonly name: string;
  readonly facts: Facts;
  /** The version that this connection itself showed. */
  readonly seen?: ShownVersion | undefined;
}

/**
 * Makes the record of a server after a connection: a policy that matches starts its clock, an acceptable version ends it.
 * Pure, like {@link decide}.
 */
export function observe(
  compiled: CompiledPolicySet,
  record: ServerRecord | undefined,
  observation: Observation,
  now: EpochMillis,
): ServerRecord {
  return observeAndDecide(compiled, record, observation, now).record;
}

/** The same as {@link observe}, and {@link decide} with the record that it makes; what both need is worked out once. */
export function observeAndDecide(
  compiled: CompiledPolicySet,
  record: ServerRecord | undefined,
  observation: Observation,
  now: EpochMillis,
): { readonly record: ServerRecord; readonly decision: Decision } {
  const countsSince = now - compiled.settings.versionWindow;
  const seen = withVersion(record ?? newRecord(observation, now), observation.seen, countsSince, now);
  const selection = selectionOf(compiled, observation.facts, seen, now);
  const index = compiled.selector.find(selection);
  const observed = withClock(seen, policyOf(compiled, index, selection), selection, observation.seen !== undefined);
  return { record: observed, decision: decisionOf(compiled, index, selection, observed) };
}

/** The policy that matches, also where an exemption decides. */
function policyOf({ selector }: CompiledPolicySet, index: number, selection: Selection): Policy | undefined {
  if (index < 0) return undefined;
  const decider = selector.deciders[index] as Decider;
  return 'policy' in decider ? decider.policy : selector.policy(selection);
}

function withClock(
  record: ServerRecord,
  policy: Policy | undefined,
  { version, now }: Selection,
  hasShownVersion: boolean,
): ServerRecord {
  const text = version === undefined ? undefined : formatVersion(version);
  if (policy !== undefined) return detected(record, policy, text, now);
  return hasShownVersion && text !== record.detectedVersion ? remediated(record, now) : record;
}

/** Adds what was decided: the stage told, and a refusal to count. */
export function remember(
  record: ServerRecord,
  decision: Decision,
  now: EpochMillis,
  isRepeated: boolean,
): ServerRecord {
  const { policy, stage, action } = decision;
  const isNews = policy !== undefined && (record.told?.policy !== policy || record.told.stage !== stage);
  const told = isNews && stage !== undefined ? { told: { policy, stage, at: now } } : {};
  if (action === 'accept' || isRepeated) return isNews ? { ...record, ...told } : record;
  const hour = epochMillis(Math.floor(now / HOUR_MILLIS) * HOUR_MILLIS);
  const kept = record.refusals.filter((each) => each.hour !== hour && each.hour > now - 25 * HOUR_MILLIS);
  const count = (record.refusals.find((each) => each.hour === hour)?.count ?? 0) + 1;
  return { ...record, ...told, refusals: [{ hour, count }, ...kept] };
}

function newRecord({ connector, name }: Observation, now: EpochMillis): ServerRecord {
  const id = serverId(connector, name);
  return { id, connector, name, firstSeen: now, lastSeen: now, versions: [], pauses: [], refusals: [] };
}

function withVersion(
  record: ServerRecord,
  seen: Observation['seen'],
  countsSince: number,
  now: EpochMillis,
): ServerRecord {
  const lastSeen = epochMillis(Math.max(record.lastSeen, now));
  if (seen === undefined) return lastSeen === record.lastSeen ? record : { ...record, lastSeen };
  const version = formatVersion(seen.version);
  const earlier = record.versions.find((each) => each.version === version);
  const latest: SeenVersion = { version, firstSeen: earlier?.firstSeen ?? now, lastSeen: now, evidence: seen.evidence };
  const others = record.versions.filter((each) => each.version !== version);
  return { ...record, lastSeen, versions: [latest, ...withRoomForOne(others, countsSince)] };
}

/** What no longer counts goes first, else the lowest: many odd old versions must not push out the one that counts. */
function withRoomForOne(versions: readonly SeenVersion[], countsSince: number): readonly SeenVersion[] {
  if (versions.length < MAX_SEEN_VERSIONS) return versions;
  const spent = versions.findLast((each) => each.lastSeen <= countsSince);
  const leaves = spent ?? versions.reduce((lowest, each) => (isBelow(each, lowest) ? each : lowest));
  return versions.filter((each) => each !== leaves);
}

function isBelow(a: SeenVersion, b: SeenVersion): boolean {
  const [one, other] = [parseVersion(a.version), parseVersion(b.version)];
  return one === undefined || (other !== undefined && compareVersions(one, other) < 0);
}

function detected(record: ServerRecord, policy: Policy, version: string | undefined, now: EpochMillis): ServerRecord {
  const named = version === undefined || version === record.detectedVersion ? {} : { detectedVersion: version };
  if (record.firstDetected !== undefined) return version === record.detectedVersion ? record : { ...record, ...named };
  const { remediation, ...rest } = record;
  const resumes =
    remediation !== undefined && policy.relapse.kind === 'resume' && now - remediation.at <= policy.relapse.within;
  const spent: DurationMillis = resumes ? remediation.elapsed : durationMillis(0);
  return { ...rest, ...named, firstDetected: clockStartedAt(spent, record.pauses, now) };
}

/** Ends the clock, and forgets the refusals that belong to it. Pauses stay: what was paused in a year is limited. */
function remediated(record: ServerRecord, now: EpochMillis): ServerRecord {
  const { firstDetected, detectedVersion: _version, told: _told, ...rest } = record;
  if (firstDetected === undefined) return record;
  const elapsed = elapsedSince(firstDetected, { effective: {} }, record.pauses, now);
  return { ...rest, refusals: [], remediation: { at: now, elapsed } };
}
