import type { ReadyContender } from './contender.js';
import type { Case } from './population.js';
import { median } from './statistics.js';

/** What is measured of a contender. */
type Asked = Pick<ReadyContender, 'ask' | 'isAsync'>;

/** Decisions between two looks at the clock take about this long. */
const CHUNK_MILLIS = 1;
const MAX_CHUNK = 4096;

/** What a measurement returns is kept here, so that no answer is optimised away. */
const kept: { answer: unknown } = { answer: undefined };

/** Asks for a time, case after case, and returns decisions per second. At least one decision is made. */
export async function decisionsPerSecond(
  { ask, isAsync }: Asked,
  cases: readonly Case[],
  millis: number,
): Promise<number> {
  let chunk = 1;
  let count = 0;
  const start = performance.now();
  let now = start;
  while (now - start < millis) {
    if (isAsync) await askInSequence(ask, cases, count, chunk);
    else askAll(ask, cases, count, chunk);
    count += chunk;
    const end = performance.now();
    if (end - now < CHUNK_MILLIS && chunk < MAX_CHUNK) chunk *= 2;
    now = end;
  }
  return (count / (now - start)) * 1000;
}

/** Times of single decisions in nanoseconds, without the time that looking at the clock takes. */
export async function decisionNanos(
  { ask, isAsync }: Asked,
  cases: readonly Case[],
  millis: number,
): Promise<number[]> {
  const clockMillis = clockCost();
  const times: number[] = [];
  const end = performance.now() + millis;
  for (let index = 0; performance.now() < end; index = (index + 1) % cases.length) {
    const each = cases[index];
    if (each === undefined) break;
    const before = performance.now();
    kept.answer = isAsync ? await ask(each) : ask(each);
    const took = performance.now() - before;
    times.push(Math.max(0, took - clockMillis) * 1e6);
  }
  return times;
}

function askAll(ask: ReadyContender['ask'], cases: readonly Case[], from: number, count: number): void {
  for (let index = from; index < from + count; index++) {
    const each = cases[index % cases.length];
    if (each !== undefined) kept.answer = ask(each);
  }
}

async function askInSequence(
  ask: ReadyContender['ask'],
  cases: readonly Case[],
  from: number,
  count: number,
): Promise<void> {
  for (let index = from; index < from + count; index++) {
    const each = cases[index % cases.length];
    if (each !== undefined) kept.answer = await ask(each);
  }
}

/** Median time between two looks at the clock, in milliseconds. */
function clockCost(): number {
  const costs = Array.from({ length: 2000 }, () => {
    const before = performance.now();
    return performance.now() - before;
  });
  return median(costs);
}
