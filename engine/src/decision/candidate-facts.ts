import { DECORATORS } from '../policy/decorator.js';
import { type FactName, type Facts, factNamed } from '../policy/fact.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { type IpAddress, ipAddressOf, type Network, parseIpAddress } from '../policy/network.js';
import type { Operand } from '../policy/operand.js';
import type { Comparison, PolicySet } from '../policy/policy-set.js';
import { type Version, version } from '../policy/version.js';
import type { VersionRange } from '../policy/version-range.js';

/** Facts that vary together, and all values worth trying for them; can be gone through again and again. */
export type Dimension = Iterable<Facts>;

/** Connections worth trying for some conditions. */
export interface CandidateFacts {
  readonly dimensions: readonly Dimension[];
  readonly times: readonly EpochMillis[];
  /** Whether, where no candidate fulfils the conditions, no connection does. */
  readonly isExhaustive: boolean;
}

/**
 * One connection of each sort that the comparisons can tell apart. Comparisons split the values of a fact into cells (a
 * version below or above the edge of a range, a name inside or outside a domain); one value of each cell is enough.
 */
export function candidateFacts(
  comparisons: readonly Comparison[],
  policySet: PolicySet,
  times: readonly EpochMillis[],
): CandidateFacts {
  const used = new Set<FactName>();
  for (const { fact, operand } of comparisons) {
    used.add(fact);
    if ('fact' in operand) used.add(operand.fact);
  }
  const dimensions: Dimension[] = [];
  if ([...used].some((fact) => fact === 'server.version' || BUILD_FACTS.has(fact))) {
    dimensions.push(versionDimension(comparisons, used, policySet));
  }
  if ([...used].some((fact) => PEER_FACTS.has(fact))) dimensions.push(peerDimension(comparisons, policySet));
  for (const fact of used) {
    if (!isOwnDimension(fact)) continue;
    const values = valuesOf(fact, comparisons);
    dimensions.push([{}, ...values.map((value) => ({ [fact]: value }) as Facts)]);
  }
  const operandTimes = operandsOf('time', comparisons).flatMap((value) =>
    typeof value === 'number' ? [value - 1, value] : [],
  );
  const supportEnds = used.has('server.supported')
    ? policySet.catalogue.products.flatMap((product) => product.supportEnds ?? [])
    : [];
  return {
    dimensions,
    times: [...times, ...operandTimes.map(epochMillis), ...supportEnds],
    isExhaustive: comparisons.every(isSplitExactly),
  };
}

const BUILD_FACTS: ReadonlySet<FactName> = new Set([
  'server.product',
  'server.build',
  'server.build.exact',
  'server.build.released',
  'server.build.age',
  'server.build.behind',
  'server.supportEnds',
  'server.supported',
]);

const PEER_FACTS: ReadonlySet<FactName> = new Set([
  'client.address',
  'tls.name',
  'tls.verified',
  'tls.fingerprint',
  'connector.name',
  'connector.type',
  'server.tags',
]);

function isOwnDimension(fact: FactName): boolean {
  return fact !== 'time' && fact !== 'server.version' && !BUILD_FACTS.has(fact) && !PEER_FACTS.has(fact);
}

/** Whether one value of each cell of this comparison is among the candidates. */
function isSplitExactly({ fact, operator, operand }: Comparison): boolean {
  if ('fact' in operand || /(?:^|:)(?:matches|contains|doesNotContain)$/.test(operator)) return false;
  if (operator.split(':').some((word) => Object.hasOwn(DECORATORS, word) && word !== 'not')) return false;
  return !['server.build.age', 'server.build.behind', 'server.build.released', 'server.supportEnds'].includes(fact);
}

function operandsOf(fact: FactName, comparisons: readonly Comparison[]): readonly Operand[] {
  return comparisons.flatMap((each) =>
    each.fact === fact && 'value' in each.operand ? ([each.operand.value].flat(4) as Operand[]) : [],
  );
}

function versionDimension(
  comparisons: readonly Comparison[],
  used: ReadonlySet<FactName>,
  policySet: PolicySet,
): Dimension {
  const versions: Version[] = [version(0)];
  const addEdges = (range: VersionRange) => {
    for (const { from, to } of range.intervals) versions.push(from, ...(to === undefined ? [] : [to]));
  };
  for (const operand of operandsOf('server.version', comparisons)) {
    if (typeof operand === 'object' && 'intervals' in operand) addEdges(operand);
  }
  if ([...used].some((fact) => BUILD_FACTS.has(fact))) {
    for (const product of policySet.catalogue.products) {
      addEdges(product.versions);
      for (const build of product.builds) versions.push(build.version, version(...withRevisionAbove(build.version)));
    }
  }
  const distinct = new Map(versions.map((each) => [each.join('.'), each]));
  return [{}, ...[...distinct.values()].map((each) => ({ 'server.version': each }))];
}

function withRevisionAbove([major, minor, build, revision]: Version): [number, number, number, number] {
  return [major, minor, build, revision + 1];
}

/** Peers come with their connector: each address that tells networks apart, with each certificate that a connector knows. */
function peerDimension(comparisons: readonly Comparison[], policySet: PolicySet): Dimension {
  const networks = [
    ...policySet.connectors.flatMap((connector) => connector.networks),
    ...operandsOf('client.address', comparisons).filter(isNetwork),
  ];
  const addresses = [parseIpAddress('203.0.113.250'), ...networks.flatMap(edgesOf)];
  const distinct = [...new Map(addresses.map((each) => [each?.text, each])).values()];
  const names = [...policySet.connectors.flatMap((each) => each.tlsNames), ...textsOf('tls.name', comparisons)];
  const fingerprints = [
    ...policySet.connectors.flatMap((each) => each.tlsFingerprints),
    ...textsOf('tls.fingerprint', comparisons),
  ];
  const certificates: Facts[] = [
    {},
    { 'tls.verified': false },
    { 'tls.verified': true },
    ...[...new Set(names)].map((name) => ({ 'tls.verified': true, 'tls.name': name.replace(/^\*\./, 'any.') })),
    ...[...new Set(fingerprints)].map((fingerprint) => ({ 'tls.fingerprint': fingerprint })),
  ];
  return { [Symbol.iterator]: () => eachPeer(certificates, distinct) };
}

/** Made one by one: thousands of names and networks would be millions of peers. */
function* eachPeer(
  certificates: readonly Facts[],
  addresses: readonly (IpAddress | undefined)[],
): Generator<Facts, undefined> {
  for (const certificate of certificates) {
    yield certificate;
    for (const address of addresses) {
      yield { ...(address === undefined ? {} : { 'client.address': address }), ...certificate };
    }
  }
}

function isNetwork(operand: Operand): operand is Network {
  return typeof operand === 'object' && 'prefixBits' in operand;
}

function edgesOf({ family, first, last }: Network): IpAddress[] {
  const highest = (1n << (family === 4 ? 32n : 128n)) - 1n;
  return [ipAddressOf(family, first), ...(last < highest ? [ipAddressOf(family, last + 1n)] : [])];
}

function textsOf(fact: FactName, comparisons: readonly Comparison[]): string[] {
  return operandsOf(fact, comparisons).filter((operand) => typeof operand === 'string');
}

/** Values of a fact that no other fact depends on. */
function valuesOf(fact: FactName, comparisons: readonly Comparison[]): readonly unknown[] {
  const operands = operandsOf(fact, comparisons);
  const type = factNamed(fact)?.type;
  if (type === 'boolean') return [true, false];
  if (type === 'number') {
    const numbers = operands.filter((operand) => typeof operand === 'number');
    return [...new Set([0, ...numbers.flatMap((each) => [each - 1, each, each + 1])])].filter((each) => each >= 0);
  }
  const texts = operands.filter((operand) => typeof operand === 'string');
  return [...new Set(['other.example', ...texts, ...(type === 'domain' ? texts.map((each) => `host.${each}`) : [])])];
}
