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
interface Given extends Expecting {
  readonly facts: Facts;
  readonly firstDetected?: EpochMillis | undefined;
  readonly at?: WrittenInstant | undefined;
}

interface Expecting {
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

/** A day of a timeline; read once, whatever the number of rows. */
interface Moment {
  readonly node: DocumentNode;
  readonly day: number;
  readonly timeOfDay: string | undefined;
  readonly expecting: Expecting;
}

/** The rows of a test, each with the days of its timeline. */
function readPoints(test: DocumentNode, given: Given, report: Report): TestPoint[] {
  const timeline = entryOf(test, 'timeline');
  const moments = itemsOf(timeline).flatMap((node): Moment[] => {
    const day = numberOf(entryOf(node, 'day'));
    const expecting = readExpecting(node, report);
    return day === undefined ? [] : [{ node, day, timeOfDay: textEntry(node, 'at'), expecting }];
  });
  const pointsOf = (row: DocumentNode, ofRow: Given, label: string): TestPoint[] => {
    if (timeline === undefined) return pointOf(row, ofRow, instantOf(row, ofRow, report), label, report);
    const at = entryOf(row, 'at') ?? entryOf(test, 'at');
    const firstDetected = startOfTimeline(timeline, at, ofRow, report);
    if (firstDetected === undefined) return [];
    return moments.flatMap(({ node, day, timeOfDay, expecting }) => {
      const ofDay = [label, `day ${day}`].filter((part) => part !== '').join(', ');
      const instant = onDay(firstDetected, day, timeOfDay);
      return pointOf(node, { ...ofRow, ...joined(ofRow, expecting) }, instant, ofDay, report);
    });
  };
  const rows = entryOf(test, 'cases');
  if (rows === undefined) return pointsOf(test, given, '');
  return itemsOf(rows).flatMap((row, index) => {
    return pointsOf(row, narrowed(given, row, report), textEntry(row, 'name') ?? `row ${index + 1}`);
  });
}

/** The first detection, from which a timeline counts; undefined where it cannot, which is then reported. */
function startOfTimeline(
  timeline: DocumentNode,
  at: DocumentNode | undefined,
  { firstDetected }: Given,
  report: Report,
): EpochMillis | undefined {
  if (firstDetected === undefined) {
    const message = 'A timeline counts from the first detection, which is not told.';
    report.add('test-shape', headOf(timeline), message, 'Add firstDetected: 2026-09-08.');
    return undefined;
  }
  if (at === undefined) return firstDetected;
  const message = 'A test with a timeline has its instants there.';
  report.add('test-shape', headOf(at), message, 'Remove at, or the timeline.');
  return undefined;
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
    ...joined(given, readExpecting(node, report)),
  };
}

function joined(wide: Expecting, narrow: Expecting): Expecting {
  if (!narrow.isExpecting) return { expected: wide.expected, isExpecting: wide.isExpecting };
  return { expected: new Map([...wide.expected, ...narrow.expected]), isExpecting: true };
}

function readExpecting(parent: DocumentNode, report: Report): Expecting {
  const node = entryOf(parent, 'expect');
  const isExpecting = node !== undefined && (node.kind !== 'map' || node.entries.size > 0);
  return { expected: readExpectations(node, report), isExpecting };
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
