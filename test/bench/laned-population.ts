import { version } from '@sluice/engine';
import { caseOf, type Sender } from './bench-case.js';
import { CASE_COUNT, type Case, type Population, packVersion, type Rule } from './population.js';
import { type Random, randomFrom, wholeNumber } from './random.js';

const MAX_CONNECTORS = 20;
/** Cases whose server is below the floor of its lane: about two of three. */
const REVISIONS_PER_FLOOR = 1.5;

/**
 * Policies as real sets have them: for each connector and each lane of builds (15.0, 15.1, 15.2), whatever lies below the
 * minimum build of the lane. No two of them match the same connection.
 *
 * @param identity whether the facts name connector and version, or both follow from the address and the record
 */
export function lanedPopulation(size: number, identity: Sender['identity']): Population {
  const random = randomFrom(size);
  const connectorCount = Math.min(MAX_CONNECTORS, Math.ceil(size / 5));
  const connectors = Array.from({ length: connectorCount }, (_, index) => ({
    name: `connector-${index}`,
    network: `10.${index}.0.0/16`,
  }));
  const rules = Array.from({ length: size }, (_, index) => ruleOf(index, connectorCount, random));
  const cases = Array.from({ length: CASE_COUNT }, (_, index) =>
    drawCase({ rules, connectorCount, identity }, index, random),
  );
  return { name: identity === 'told' ? 'told' : 'laned', rules, connectors, cases };
}

function ruleOf(index: number, connectorCount: number, random: Random): Rule {
  const connector = index % connectorCount;
  const lane = Math.floor(index / connectorCount);
  const [minor, build] = [lane % 3, 500 + 7 * Math.floor(lane / 3)];
  const from = version(15, minor, build);
  const to = version(15, minor, build, wholeNumber(random, 10, 60));
  return {
    name: `policy-${index}`,
    priority: 50,
    connector: `connector-${connector}`,
    versions: { from, to },
    packedVersions: { from: packVersion(from), to: packVersion(to) },
  };
}

function drawCase(
  {
    rules,
    connectorCount,
    identity,
  }: { readonly rules: readonly Rule[]; readonly connectorCount: number; readonly identity: Sender['identity'] },
  index: number,
  random: Random,
): Case {
  const lane = rules[wholeNumber(random, 0, rules.length - 1)]?.versions;
  if (lane === undefined) throw new Error('a population has at least one policy');
  const [major, minor, build] = lane.from;
  const revision = wholeNumber(random, 0, Math.floor(lane.to[3] * REVISIONS_PER_FLOOR));
  const connector = wholeNumber(random, 0, connectorCount - 1);
  const address = ((10 << 24) | (connector << 16) | wholeNumber(random, 1, 65_534)) >>> 0;
  const sender = {
    connector: `connector-${connector}`,
    version: version(major, minor, build, revision),
    address,
    identity,
  };
  return caseOf(sender, index, random);
}
