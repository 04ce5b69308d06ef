import { type Version, version } from '@sluice/engine';
import { caseOf } from './bench-case.js';
import { addressText, CASE_COUNT, type Case, type Population, packVersion, type Rule } from './population.js';
import { type Random, randomFrom, shuffled, wholeNumber } from './random.js';

const CONNECTOR = 'everyone';
/** Networks lie so deep inside each other: prefixes of 11 to 26 bits. */
const DEPTHS = { least: 3, most: 6 };
/** Version ranges span so many builds, from few to nearly all of a minor version. */
const MAX_SPANNED_BUILDS = 2000;

interface Prefix {
  readonly first: number;
  readonly bits: number;
}

/**
 * Policies that are hard on every index: random version ranges that overlap × random networks inside each other, with
 * random priorities, no two of which are equal.
 */
export function hardPopulation(size: number): Population {
  const random = randomFrom(size + 1);
  const priorities = shuffled(
    random,
    Array.from({ length: size }, (_, index) => index + 1),
  );
  const rules = priorities
    .map((priority, index) => ruleOf(`policy-${index}`, priority, random))
    .sort((a, b) => b.priority - a.priority);
  const cases = Array.from({ length: CASE_COUNT }, (_, index) => drawCase(rules, index, random));
  return { name: 'hard', rules, connectors: [{ name: CONNECTOR, network: '10.0.0.0/8' }], cases };
}

function ruleOf(name: string, priority: number, random: Random): Rule {
  const from = drawVersion(random);
  const span = Math.floor(MAX_SPANNED_BUILDS ** random());
  const to = version(from[0], from[1], from[2] + span, wholeNumber(random, 0, 60));
  const { first, bits } = drawPrefix(random);
  return {
    name,
    priority,
    versions: { from, to },
    packedVersions: { from: packVersion(from), to: packVersion(to) },
    network: { text: `${addressText(first)}/${bits}`, first, last: first + 2 ** (32 - bits) - 1 },
  };
}

function drawVersion(random: Random): Version {
  return version(15, wholeNumber(random, 0, 2), wholeNumber(random, 500, 2600), wholeNumber(random, 0, 60));
}

/** Grows a prefix below 10.0.0.0/8 step by step from few choices, so that many networks lie inside each other. */
function drawPrefix(random: Random): Prefix {
  let prefix: Prefix = { first: 10 * 2 ** 24, bits: 8 };
  const depth = wholeNumber(random, DEPTHS.least, DEPTHS.most);
  for (let step = 0; step < depth; step++) {
    const bits = prefix.bits + wholeNumber(random, 1, 3);
    const subnet = wholeNumber(random, 0, 2 ** (bits - prefix.bits) - 1);
    prefix = { first: prefix.first + subnet * 2 ** (32 - bits), bits };
  }
  return prefix;
}

/** A connection that at least one policy matches, often several. */
function drawCase(rules: readonly Rule[], index: number, random: Random): Case {
  const rule = rules[wholeNumber(random, 0, rules.length - 1)];
  if (rule?.network === undefined) throw new Error('a policy of this population has a network');
  const address = wholeNumber(random, rule.network.first, rule.network.last);
  const { from, to } = rule.versions;
  const build = wholeNumber(random, from[2], to[2] - 1);
  const inside = version(from[0], from[1], build, build === from[2] ? 60 : wholeNumber(random, 0, 60));
  return caseOf({ connector: CONNECTOR, version: inside, address, identity: 'derived' }, index, random);
}
