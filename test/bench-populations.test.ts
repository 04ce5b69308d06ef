import { compilePolicySet, decide } from '@sluice/engine';
import { describe, expect, it } from 'vitest';
import { HAND_WRITTEN_INDEX } from './bench/contenders/hand-written-index.js';
import { LINEAR_WALK } from './bench/contenders/linear-walk.js';
import { SLUICE_CONTENDER } from './bench/contenders/sluice.js';
import { makePopulation } from './bench/make-population.js';
import { policyFilesOf } from './bench/policy-files.js';
import { checkedPolicySetOf, policySetOf } from './bench/policy-set-of.js';
import { POPULATION_NAMES } from './bench/population.js';

/** Cases that are compared: enough to meet most policies and all stages. */
const COMPARED = 400;

describe('a whole decision of Sluice is that', () => {
  it.each([
    { name: 'laned', size: 10, reference: HAND_WRITTEN_INDEX },
    { name: 'laned', size: 200, reference: HAND_WRITTEN_INDEX },
    { name: 'told', size: 200, reference: HAND_WRITTEN_INDEX },
    { name: 'hard', size: 10, reference: LINEAR_WALK },
    { name: 'hard', size: 200, reference: LINEAR_WALK },
  ] as const)(
    'of the $reference.name, on $size policies of the population $name',
    async ({ name, size, reference }) => {
      const population = makePopulation(name, size);
      const sluice = await SLUICE_CONTENDER.prepare(population);
      const expected = await reference.prepare(population);
      for (const each of population.cases.slice(0, COMPARED)) {
        expect(await sluice.ask(each)).toEqual(await expected.ask(each));
      }
    },
  );
});

describe('a population', () => {
  it.each(POPULATION_NAMES)('of the name %s decides the same when all its files are read', (name) => {
    const population = makePopulation(name, 40);
    const made = compilePolicySet(policySetOf(population));
    const read = compilePolicySet(checkedPolicySetOf(population));
    for (const { facts, record, now } of population.cases.slice(0, COMPARED)) {
      const { revision: _, ...decision } = decide(read, facts, record, now);
      expect(decide(made, facts, record, now)).toMatchObject(decision);
    }
  });

  it('is the same in every run', () => {
    const [one, other] = [makePopulation('hard', 20), makePopulation('hard', 20)];
    expect(policyFilesOf(one)).toEqual(policyFilesOf(other));
    expect(one.cases).toEqual(other.cases);
  });

  it.each(['laned', 'hard'] as const)(
    'of the name %s meets every stage, and policies with and without a refusal',
    (name) => {
      const population = makePopulation(name, 40);
      const compiled = compilePolicySet(policySetOf(population));
      const decisions = population.cases.map(({ facts, record, now }) => decide(compiled, facts, record, now));
      expect(new Set(decisions.flatMap(({ stage }) => stage ?? [])).size).toBe(8);
      expect(new Set(decisions.map(({ action }) => action))).toEqual(new Set(['accept', 'throttle', 'block']));
    },
  );
});
