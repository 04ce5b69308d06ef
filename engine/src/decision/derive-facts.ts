import type { BuildCatalogue } from '../policy/build-catalogue.js';
import { durationMillis } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import type { Version } from '../policy/version.js';
import type { CompiledPolicySet } from './compiled-policy-set.js';
import { connectorFacts, connectorOf } from './connector.js';
import { countedVersion } from './counted-version.js';
import type { ServerRecord } from './server-record.js';

type MutableFacts = { -readonly [F in keyof Facts]: Facts[F] };

/** Adds the derived facts to those that a gateway told; what it told stands, except the version, for which the record counts too. */
export function deriveFacts(
  { policySet, settings }: Pick<CompiledPolicySet, 'policySet' | 'settings'>,
  facts: Facts,
  record: ServerRecord | undefined,
  now: EpochMillis,
): Facts {
  const connector = connectorOf(policySet.connectors, facts);
  const version = countedVersion(record, facts['server.version'], now, settings.versionWindow);
  const derived: MutableFacts = {
    ...connectorFacts(connector),
    'server.known': record !== undefined && record.firstSeen < now,
    ...(version === undefined ? {} : buildFacts(policySet.catalogue, version, now)),
    time: now,
    ...facts,
  };
  if (derived['server.name'] === undefined && record !== undefined) derived['server.name'] = record.name;
  if (version !== undefined) derived['server.version'] = version;
  return derived;
}

/** What the catalogue tells of a version at an instant. */
export function buildFacts(catalogue: BuildCatalogue, version: Version, now: EpochMillis): Facts {
  const entry = catalogue.find(version);
  if (entry === undefined) return {};
  const { product, build, exact, isNewest } = entry;
  const facts: MutableFacts = { 'server.product': product.name };
  if (product.supportEnds !== undefined) {
    facts['server.supportEnds'] = product.supportEnds;
    facts['server.supported'] = now < product.supportEnds;
  }
  if (build === undefined) return facts;
  facts['server.build'] = build.name;
  facts['server.build.exact'] = exact;
  if (isNewest) facts['server.build.behind'] = durationMillis(0);
  if (build.released === undefined) return facts;
  facts['server.build.released'] = build.released;
  facts['server.build.age'] = durationMillis(Math.max(0, now - build.released));
  if (isNewest) return facts;
  const newest = entry.newestReleaseAt(now) ?? build.released;
  facts['server.build.behind'] = durationMillis(Math.max(0, newest - build.released));
  return facts;
}
