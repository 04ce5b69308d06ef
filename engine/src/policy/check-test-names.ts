import { didYouMean, nearestWord } from './did-you-mean.js';
import { type DocumentNode, entryOf, itemsOf, textOf } from './document-node.js';
import { INTERNET_CONNECTOR_NAME } from './policy-set.js';
import { type Expectation, type PolicyTest, TESTED_ACTIONS, type TestPoint } from './policy-test.js';
import type { Report } from './report.js';

/** The names that tests can mention; undefined where a file that declares some could not be read. */
export interface TestedNames {
  /** The names of the stages of each policy. */
  readonly policies: ReadonlyMap<string, readonly string[]> | undefined;
  readonly exemptions: readonly string[] | undefined;
  readonly connectors: readonly string[] | undefined;
}

/** Checks that the policies, stages and exemptions that tests expect exist; each place is told once. */
export function checkTestNames(tests: readonly PolicyTest[], names: TestedNames, report: Report): void {
  const told = new Set<Expectation>();
  for (const point of tests.flatMap((test) => test.points)) {
    for (const expectation of point.expected) {
      if (told.has(expectation) || typeof expectation.value !== 'string') continue;
      told.add(expectation);
      checkName(expectation, expectation.value, point, names, report);
    }
  }
}

function checkName(
  { part, source }: Expectation,
  name: string,
  point: TestPoint,
  { policies, exemptions }: TestedNames,
  report: Report,
): void {
  const unknown = (what: string, known: readonly string[] | undefined) =>
    reportUnknown(source, name, { code: 'value-unknown', message: `There is no ${what} ${name}.`, known }, report);
  if (part === 'exemption') unknown('exemption', exemptions);
  if (policies === undefined) return;
  if (part === 'policy') unknown('policy', [...policies.keys()]);
  if (part !== 'stage') return;
  const policy = point.expected.find((each) => each.part === 'policy')?.value;
  const ofPolicy = typeof policy === 'string' ? policies.get(policy) : undefined;
  if (typeof policy === 'string' && ofPolicy === undefined) return;
  const known = ofPolicy ?? [...new Set([...policies.values()].flat())];
  const message = ofPolicy === undefined ? `No policy has a stage ${name}.` : `${policy} has no stage ${name}.`;
  reportUnknown(source, name, { code: 'stage-unknown', message, known }, report);
}

interface Unknown {
  readonly code: 'value-unknown' | 'stage-unknown' | 'connector-unknown';
  readonly message: string;
  readonly known: readonly string[] | undefined;
}

function reportUnknown(node: DocumentNode, name: string, { code, message, known }: Unknown, report: Report): void {
  // The shape check tells of empty names.
  if (known === undefined || name === '' || known.includes(name)) return;
  if (code === 'stage-unknown' && TESTED_ACTIONS.some((action) => action === name)) {
    report.addAt(node, { code, message, hint: `For what is done with the connection, write { action: ${name} }.` });
    return;
  }
  report.addAt(node, { code, message, hint: didYouMean(name, known), replacement: nearestWord(name, known) });
}

/** Checks that the connectors exist that tests tell as facts. */
export function checkTestConnectors(root: DocumentNode, { connectors }: TestedNames, report: Report): void {
  if (connectors === undefined) return;
  const known = [...new Set([...connectors, INTERNET_CONNECTOR_NAME])];
  const tests = itemsOf(entryOf(root, 'tests'));
  for (const holder of [root, ...tests, ...tests.flatMap((test) => itemsOf(entryOf(test, 'cases')))]) {
    const node = entryOf(entryOf(holder, 'facts'), 'connector.name');
    const name = textOf(node);
    if (node === undefined || name === undefined) continue;
    reportUnknown(node, name, { code: 'connector-unknown', message: `There is no connector ${name}.`, known }, report);
  }
}
