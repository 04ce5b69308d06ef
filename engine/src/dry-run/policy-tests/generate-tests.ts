import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import type { CompiledPolicySet } from '../../decision/compiled-policy-set.js';
import type { Decision } from '../../decision/decision.js';
import { formatFactValue } from '../../decision/format-facts.js';
import { durationMillis, formatDuration } from '../../policy/duration.js';
import { FACTS, type Facts } from '../../policy/fact.js';
import { type EpochMillis, formatInstant } from '../../policy/instant.js';
import type { Exemption, Policy, Stage } from '../../policy/policy-set.js';
import { formatVersion, type Version } from '../../policy/version.js';
import { actualValue } from './actual-value.js';
import type { Coverage, CoveredBoundary } from './coverage.js';
import type { ReachableParts } from './find-examples.js';
import { decidePoint, type TestedConnection } from './run-policy-tests.js';

type Json = Readonly<Record<string, unknown>>;

const HEAD = ` Written by sluice test --generate: what the policies do now, for what no test reached.
 Review it: what is expected here is what happens, not what should.`;

/** Writes the tests that are missing, as an `*.test.yaml`; undefined where none is. */
export function generateTests(
  compiled: CompiledPolicySet,
  coverage: Coverage,
  parts: ReachableParts,
): string | undefined {
  const tests = [
    ...coverage.policies.flatMap(({ policy, stages }) => {
      const missing = stages.flatMap(({ stage, isReached }) => {
        const connection = isReached ? undefined : parts.stages.get(stage);
        return connection === undefined ? [] : [{ stage, connection }];
      });
      return stageTests(compiled, policy, missing);
    }),
    ...coverage.exemptions.flatMap(({ exemption, isReached }) => {
      const connection = isReached ? undefined : parts.exemptions.get(exemption.name);
      return connection === undefined ? [] : [exemptionTest(exemption, connection)];
    }),
    ...coverage.policies.flatMap(({ policy }) => {
      const ofPolicy = coverage.boundaries.filter(({ boundary }) => boundary.policy === policy);
      return boundaryTests(compiled, policy, ofPolicy.flatMap(missingSides));
    }),
  ];
  if (tests.length === 0) return undefined;
  const document = new Document({ tests });
  document.commentBefore = HEAD;
  visit(document, { Pair: (_key, { key, value }) => inOneLine(key, value) });
  return document.toString({ lineWidth: 120 });
}

/** Facts, expectations and the rows of tables stand in one line each. */
function inOneLine(key: unknown, value: unknown): void {
  const name = isScalar(key) ? key.value : undefined;
  if ((name === 'facts' || name === 'expect') && isMap(value)) value.flow = true;
  if ((name !== 'cases' && name !== 'timeline') || !isSeq(value)) return;
  for (const item of value.items) if (isMap(item)) item.flow = true;
}

/** The stages of a policy on a timeline, or in a table where they are not reached on whole days; a test for each server. */
function stageTests(
  compiled: CompiledPolicySet,
  policy: Policy,
  missing: readonly { readonly stage: Stage; readonly connection: TestedConnection }[],
): Json[] {
  const sameServer = ({ connection: { facts, firstDetected } }: (typeof missing)[number]) =>
    JSON.stringify([written(facts), firstDetected]);
  return groupsOf(missing, sameServer).map((group, index) => {
    const { facts, firstDetected } = group[0].connection;
    const days = group.map(({ connection: { at } }) => (at - (firstDetected ?? at)) / DAY);
    const isTimeline = firstDetected !== undefined && days.every(Number.isInteger);
    const rows = group.map(({ stage, connection }, row) => ({
      ...(isTimeline ? { day: days[row] } : { at: writtenInstant(connection) }),
      expect: { stage: stage.name, refusedMinutes: minutesOf(decidePoint(compiled, connection)) },
    }));
    return {
      name: numbered(`${policy.name} goes through its stages`, index),
      ...server(facts, firstDetected),
      expect: { policy: policy.name },
      [isTimeline ? 'timeline' : 'cases']: rows,
    };
  });
}

function exemptionTest({ name }: Exemption, connection: TestedConnection): Json {
  const { facts, firstDetected } = connection;
  return {
    name: `the exemption ${name} holds`,
    ...server(facts, firstDetected),
    at: writtenInstant(connection),
    expect: { action: 'accept', exemption: name },
  };
}

/** A connection with the version of one side of a boundary. */
interface Side {
  readonly version: Version;
  readonly connection: TestedConnection;
}

function missingSides({ boundary, isPinnedBelow, isPinnedAbove }: CoveredBoundary): Side[] {
  const { example, below, above } = boundary;
  const { 'server.version': _, ...facts } = example.facts;
  const side = (version: Version) => ({ version, connection: { ...example, facts } });
  return [...(isPinnedBelow ? [] : [side(below)]), ...(isPinnedAbove ? [] : [side(above)])];
}

/** Tables of versions, one for each server and instant. */
function boundaryTests(compiled: CompiledPolicySet, policy: Policy, sides: readonly Side[]): Json[] {
  const sameButVersion = ({ connection: { facts, firstDetected, at } }: Side) =>
    JSON.stringify([written(facts), firstDetected, at]);
  return groupsOf(sides, sameButVersion).map((group, index) => {
    const { connection } = group[0];
    const rows = new Map(
      group.map(({ version }) => {
        const facts = { ...connection.facts, 'server.version': version };
        const { policy: decided, exemption } = decidePoint(compiled, { ...connection, facts });
        const expect = { policy: decided ?? null, ...(exemption === undefined ? {} : { exemption }) };
        return [formatVersion(version), { facts: written({ 'server.version': version }), expect }] as const;
      }),
    );
    return {
      name: numbered(`${policy.name} keeps to its versions`, index),
      ...server(connection.facts, connection.firstDetected),
      ...(connection.at === connection.firstDetected ? {} : { at: writtenInstant(connection) }),
      cases: [...rows.values()],
    };
  });
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Names of tests are unique in a file. */
function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name} (${index + 1})`;
}

function server(facts: Facts, firstDetected: EpochMillis | undefined): Json {
  const told = written(facts);
  return {
    ...(Object.keys(told).length === 0 ? {} : { facts: told }),
    ...(firstDetected === undefined ? {} : { firstDetected: writtenAt(firstDetected) }),
  };
}

/** Facts as tests write them. */
function written(facts: Facts): Json {
  return Object.fromEntries(
    FACTS.flatMap(({ name, type }) => {
      const value = facts[name];
      if (value === undefined) return [];
      const isPlain = type === 'number' || type === 'boolean' || type === 'list';
      return [[name, isPlain ? value : formatFactValue(type, value)]];
    }),
  );
}

const DAY = 86_400_000;

function writtenInstant({ firstDetected, at }: TestedConnection): string {
  return firstDetected === undefined ? writtenAt(at) : `+${formatDuration(durationMillis(at - firstDetected))}`;
}

/** Midnight as its date alone. */
function writtenAt(instant: EpochMillis): string {
  return formatInstant(instant).replace('T00:00:00Z', '');
}

function minutesOf(decision: Decision): Json {
  return {
    throttle: actualValue('refusedMinutes.throttle', decision),
    block: actualValue('refusedMinutes.block', decision),
  };
}
