import { type DocumentNode, entryOf, itemsOf, numberOf, textEntry, textOf } from './document-node.js';
import { durationMillis, parseDuration } from './duration.js';
import type { Facts } from './fact.js';
import { type EpochMillis, epochMillis, formatInstant, parseInstant } from './instant.js';
import type { PolicyTest, TestPoint } from './policy-test.js';
import { type Expectations, readExpectations } from './read-expectations.js';
import { instantEntry } from './read-scalar.js';
import { readTestFacts } from './read-test-facts.js';
import { Report } from './report.js';
import { headOf, spanOf } from './source.js';
import { instantProblem } from './value-problem.js';

/** Most connections at one instant each that the tests of a file may ask for: rows times days. */
export const MAX_TEST_POINTS_PER_FILE = 20_000;

/** What a test, a row or the whole file says of its connection; the narrower one counts. */
interface Given {
  readonly facts: Facts;
  readonly firstDetected?: EpochMillis | undefined;
  readonly at?: WrittenInstant | undefined;
  readonly expected: Expectations;
  /** Whether anything is expected, readable or not. */
  readonly isExpecting: boolean;
}

/** An instant that may count from the first detection; undefined where it cannot be read or has nothing to count from. */
type WrittenInstant = (firstDetected: EpochMillis | undefined) => EpochMillis | undefined;

const NOTHING: Given = { facts: {}, expected: new Map(), isExpecting: false };

/** Reads the tests of an `*.test.yaml`; what is wrong for several rows is told once. */
export function readTests(root: DocumentNode, report: Report): PolicyTest[] {
  const own = new Report();
  const tests = readAll(root, own);
  const told = new Map(own.findings.map((each) => [JSON.stringify([each.range, each.code, each.message]), each]));
  report.findings.push(...told.values());
  return tests;
}

function readAll(root: DocumentNode, report: Report): PolicyTest[] {
  const shared = narrowed(NOTHING, root, report);
  const tests: PolicyTest[] = [];
  let left = MAX_TEST_POINTS_PER_FILE;
  for (const node of itemsOf(entryOf(root, 'tests'))) {
    const name = textEntry(node, 'name');
    if (node.kind !== 'map' || name === undefined) continue;
    const rows = entryOf(node, 'cases');
    const moments = entryOf(node, 'timeline');
    left -= Math.max(1, itemsOf(rows).length) * Math.max(1, itemsOf(moments).length);
    if (left < 0) {
      const message = `The tests of this file ask for more than ${MAX_TEST_POINTS_PER_FILE} decisions.`;
      report.add('document-limits', headOf(node), message, 'Put tests into a file of their own, or drop rows or days.');
      break;
    }
    const description = textEntry(node, 'description');
    const points = readPoints(node, narrowed(shared, node, report), report);
    tests.push({ name, points, source: spanOf(node), ...(description === undefined ? {} : { description }) });
  }
  return tests;
}

/** The rows of a test, each with the days of its timeline. */
function readPoints(test: DocumentNode, given: Given, report: Report): TestPoint[] {
  const rows = entryOf(test, 'cases');
  if (rows === undefined) return readMoments(test, test, given, '', report);
  return itemsOf(rows).flatMap((row, index) => {
    const label = textEntry(row, 'name') ?? `row ${index + 1}`;
    return readMoments(test, row, narrowed(given, row, report), label, report);
  });
}

function readMoments(test: DocumentNode, row: DocumentNode, given: Given, label: string, report: Report): TestPoint[] {
  const moments = entryOf(test, 'timeline');
  if (moments === undefined) return pointOf(row, given, instantOf(row, given, report), label, report);
  const { firstDetected } = given;
  if (firstDetected === undefined || entryOf(row, 'at') !== undefined || entryOf(test, 'at') !== undefined) {
    const message =
      firstDetected === undefined
        ? 'A timeline counts from the first detection, which is not told.'
        : 'A test with a timeline has its instants there.';
    const at = entryOf(row, 'at') ?? entryOf(test, 'at') ?? moments;
    const hint = firstDetected === undefined ? 'Add firstDetected: 2026-09-08.' : 'Remove at, or the timeline.';
    report.add('test-shape', headOf(at), message, hint);
    return [];
  }
  return itemsOf(moments).flatMap((moment) => {
    const day = numberOf(entryOf(moment, 'day'));
    if (day === undefined) return [];
    const at = onDay(firstDetected, day, textEntry(moment, 'at'));
    const ofDay = [label, `day ${day}`].filter((part) => part !== '').join(', ');
    return pointOf(moment, { ...given, ...expecting(given, moment, report) }, at, ofDay, report);
  });
}

function pointOf(
  node: DocumentNode,
  { facts, firstDetected, expected, isExpecting }: Given,
  at: EpochMillis | undefined,
  label: string,
  report: Report,
): TestPoint[] {
  if (!isExpecting) {
    const message = 'Nothing is expected here.';
    report.add('test-shape', headOf(node), message, 'For example expect: { action: accept, policy: null }.');
    return [];
  }
  if (at === undefined || expected.size === 0) return [];
  if (firstDetected !== undefined && at < firstDetected) {
    const message = `The instant of the test lies before the first detection, ${formatInstant(firstDetected)}.`;
    report.add('test-shape', headOf(entryOf(node, 'at') ?? node), message, 'Write +35d for 35 days after it.');
    return [];
  }
  const detected = firstDetected === undefined ? {} : { firstDetected };
  return [{ label, facts, ...detected, at, expected: [...expected.values()], source: headOf(node) }];
}

/** The instant of a test or a row without a timeline. */
function instantOf(node: DocumentNode, { at, firstDetected }: Given, report: Report): EpochMillis | undefined {
  const instant = at === undefined ? firstDetected : at(firstDetected);
  if (at === undefined && instant === undefined) {
    const message = 'When the decision is made is not told.';
    report.add('test-shape', headOf(node), message, 'Add at: 2026-10-13T10:17:00Z, or firstDetected and at: +35d.');
  }
  return instant;
}

function narrowed(given: Given, node: DocumentNode, report: Report): Given {
  return {
    facts: { ...given.facts, ...readTestFacts(node, report) },
    firstDetected: instantEntry(node, 'firstDetected', report) ?? given.firstDetected,
    at: readInstant(node, report) ?? given.at,
    ...expecting(given, node, report),
  };
}

function expecting(
  { expected, isExpecting }: Given,
  parent: DocumentNode,
  report: Report,
): Pick<Given, 'expected' | 'isExpecting'> {
  const node = entryOf(parent, 'expect');
  if (node === undefined || (node.kind === 'map' && node.entries.size === 0)) return { expected, isExpecting };
  return { expected: new Map([...expected, ...readExpectations(node, report)]), isExpecting: true };
}

/** Reads `at`: an instant, or `+35d` since the first detection. */
function readInstant(parent: DocumentNode, report: Report): WrittenInstant | undefined {
  const node = entryOf(parent, 'at');
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const duration = text.startsWith('+') ? parseDuration(text.slice(1)) : undefined;
  const instant = parseInstant(text);
  if (duration === undefined) {
    if (instant === undefined) {
      const { message } = instantProblem(text);
      report.addAt(node, { code: 'instant-syntax', message, hint: 'Or +35d for 35 days after the first detection.' });
    }
    return () => instant;
  }
  return (firstDetected) => {
    if (firstDetected !== undefined) return epochMillis(firstDetected + duration);
    const message = `${text} counts from the first detection, which is not told.`;
    report.add('test-shape', node, message, 'Add firstDetected: 2026-09-08, or write an instant.');
    return undefined;
  };
}

const DAY = durationMillis(86_400_000);

/** The beginning of a day on a server's clock, or the first such time of day (UTC) from then on. */
function onDay(firstDetected: EpochMillis, day: number, timeOfDay: string | undefined): EpochMillis {
  const begin = firstDetected + day * DAY;
  if (timeOfDay === undefined) return epochMillis(begin);
  const [hours = 0, minutes = 0, seconds = 0] = timeOfDay.split(':').map(Number);
  const ofDay = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const sameDate = Math.floor(begin / DAY) * DAY + ofDay;
  return epochMillis(sameDate < begin ? sameDate + DAY : sameDate);
}
