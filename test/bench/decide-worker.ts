import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContenderName, ReadyContender } from './contender.js';
import { contenderNamed } from './contenders/all-contenders.js';
import { matches } from './contenders/linear-walk.js';
import { makePopulation } from './make-population.js';
import { decisionNanos, decisionsPerSecond } from './measure-decisions.js';
import type { Case, Population, PopulationName } from './population.js';
import type { BenchSettings } from './settings.js';
import { median, quantile } from './statistics.js';
import { answerParent } from './worker-process.js';

/** One contender on one population. */
export interface DecideEntry {
  readonly contender: ContenderName;
  readonly population: PopulationName;
  readonly size: number;
}

/** What was measured of it; or why nothing was. */
export interface DecideFigures extends DecideEntry {
  readonly skipped?: string;
  /** Decisions per second in each round. */
  readonly rounds: readonly number[];
  readonly perSecond: number;
  readonly p50Nanos: number;
  /** Absent where fewer than {@link FEWEST_FOR_P99} decisions were timed. */
  readonly p99Nanos?: number;
  /** Median time in which a library finds the deciding policy, without making the facts before and the decision behind. */
  readonly findOnlyNanos?: number;
  /** Cases whose answers were compared with the meaning of the policies before measuring. */
  readonly compared: number;
}

export interface DecideTask {
  readonly entries: readonly DecideEntry[];
  readonly settings: BenchSettings;
}

const FEWEST_FOR_P99 = 200;
/** Time for comparing answers of one contender, at least {@link FEWEST_COMPARED} of them. */
const COMPARE_MILLIS = 500;
const FEWEST_COMPARED = 5;

interface Runner {
  readonly entry: DecideEntry;
  readonly ready: ReadyContender;
  readonly cases: readonly Case[];
  readonly compared: number;
  readonly rounds: number[];
}

await answerParent(measureAll);

/** Measures all entries side by side: in each round, each of them decides for a while. */
async function measureAll({ entries, settings }: DecideTask): Promise<DecideFigures[]> {
  const skipped: DecideFigures[] = [];
  const runners: Runner[] = [];
  const populationOf = populationMaker();
  for (const entry of entries) {
    const runner = await makeRunner(entry, populationOf(entry), settings);
    if (typeof runner === 'string') skipped.push(withoutFigures(entry, runner));
    else runners.push(runner);
  }
  for (let round = 0; round < settings.rounds; round++) {
    for (const { ready, cases, rounds } of inTurn(runners, round)) {
      await settle();
      rounds.push(await decisionsPerSecond(ready, cases, settings.windowMillis));
    }
  }
  const measured: DecideFigures[] = [];
  for (const runner of runners) measured.push(await figuresOf(runner, settings));
  return [...measured, ...skipped];
}

async function makeRunner(
  entry: DecideEntry,
  population: Population,
  settings: BenchSettings,
): Promise<Runner | string> {
  let ready: ReadyContender;
  try {
    ready = await contenderNamed(entry.contender).prepare(population);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const start = performance.now();
  await ready.ask(caseAt(population, 0));
  const firstMillis = performance.now() - start;
  if (firstMillis > settings.slowestDecisionMillis) {
    return `one decision takes ${(firstMillis / 1000).toFixed(1)} s`;
  }
  const compared = await compareAnswers(entry, ready, population);
  await decisionsPerSecond(ready, population.cases, 2 * settings.windowMillis);
  return { entry, ready, cases: population.cases, compared, rounds: [] };
}

/** Throws where an answer is not what the policies mean. */
async function compareAnswers(entry: DecideEntry, ready: ReadyContender, population: Population): Promise<number> {
  const end = performance.now() + COMPARE_MILLIS;
  let compared = 0;
  for (const each of population.cases) {
    if (compared >= FEWEST_COMPARED && performance.now() > end) break;
    const expected = population.rules.find((rule) => matches(rule, each.plain))?.name;
    const answer = ready.nameOf(await ready.ask(each));
    if (answer !== expected) {
      const { contender, size } = entry;
      const question = `case ${compared} of the population ${population.name} with ${size} policies`;
      throw new Error(`${contender} answers ${answer} to ${question}; ${expected} was expected`);
    }
    compared++;
  }
  return compared;
}

async function figuresOf(
  { entry, ready, cases, compared, rounds }: Runner,
  settings: BenchSettings,
): Promise<DecideFigures> {
  await settle();
  const nanos = await decisionNanos(ready, cases, settings.latencyMillis);
  const { findOnly, isAsync } = ready;
  const alone =
    findOnly === undefined ? undefined : await decisionNanos({ ask: findOnly, isAsync }, cases, settings.latencyMillis);
  return {
    ...entry,
    rounds,
    perSecond: median(rounds),
    p50Nanos: median(nanos),
    ...(nanos.length < FEWEST_FOR_P99 ? {} : { p99Nanos: quantile(nanos, 0.99) }),
    ...(alone === undefined ? {} : { findOnlyNanos: median(alone) }),
    compared,
  };
}

function withoutFigures(entry: DecideEntry, skipped: string): DecideFigures {
  return { ...entry, skipped, rounds: [], perSecond: Number.NaN, p50Nanos: Number.NaN, compared: 0 };
}

/** Each round begins with another one, so that none always follows the same neighbour's garbage at the same time. */
function inTurn(runners: readonly Runner[], round: number): readonly Runner[] {
  const first = runners.length === 0 ? 0 : (round * 7) % runners.length;
  return [...runners.slice(first), ...runners.slice(0, first)];
}

/** Collects the young garbage of whoever was measured before. */
async function settle(): Promise<void> {
  await nextTurn();
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
}

/** Makes each population once. */
function populationMaker(): (entry: DecideEntry) => Population {
  const made = new Map<string, Population>();
  return ({ population: name, size }) => {
    const key = `${name} ${size}`;
    const population = made.get(key) ?? makePopulation(name, size);
    made.set(key, population);
    return population;
  };
}

function caseAt({ cases }: Population, index: number): Case {
  const each = cases[index];
  if (each === undefined) throw new Error(`there is no case ${index}`);
  return each;
}
