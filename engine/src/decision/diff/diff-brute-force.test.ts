import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import { instantOf, policySetOf } from '../../policy/policy-text.fixture.js';
import { compilePolicySet } from '../compile-policy-set.js';
import type { CompiledPolicySet } from '../compiled-policy-set.js';
import { connectorAt, trustsHeaders } from '../connector.js';
import { decide } from '../decide.js';
import type { Decision } from '../decision.js';
import { hasCell } from '../diagram/cell-set.js';
import { selectionOf } from '../make-selection.js';
import { observe } from '../observe.js';
import { factsFrom } from '../sample-policies.fixture.js';
import { type ServerRecord, serverId } from '../server-record.js';
import {
  ADDRESSES,
  GRID_DAYS,
  GRID_MINUTES,
  NAMES,
  policySetPairs,
  READ_AT,
  SIZES,
  TIMES,
  VERSIONS,
  type WrittenPair,
} from './diff-pairs.fixture.js';
import { diffPolicySets, type PolicySetDiff } from './diff-policy-sets.js';
import { outcomeDiagrams } from './outcome-diagrams.js';

/** Pairs of policy sets; the variable asks for more. */
const PAIRS = Number(process.env['SLUICE_DIFF_PAIRS'] ?? 20);
const TIMEOUT_MILLIS = 60_000 + 3_000 * PAIRS;
const DAY = 86_400_000;
const MINUTE = 60_000;
const EDGES = TIMES.map((time) => instantOf(time));
/** The stretches of time that the policies can tell apart, the first and the last one cut off. */
const STRETCHES = [(EDGES[0] ?? 0) - 40 * DAY, ...EDGES, (EDGES[2] ?? 0) + 40 * DAY].flatMap((from, index, all) => {
  const to = all[index + 1];
  return to === undefined ? [] : [{ from, to }];
});

interface Compiled {
  readonly before: CompiledPolicySet;
  readonly after: CompiledPolicySet;
}

/** One connection of each sort; a server's name is told only where its record would tell it. */
const CONNECTIONS: readonly Facts[] = [undefined, ...VERSIONS].flatMap((version) =>
  ADDRESSES.flatMap((address) =>
    [undefined, ...NAMES].flatMap((helo) =>
      ['mx.one', 'mx.three'].flatMap((name) =>
        (helo === undefined ? SIZES : SIZES.slice(0, 1)).map((size) =>
          factsFrom({
            ...(version === undefined ? {} : { 'server.version': version }),
            'client.address': address,
            ...(helo === undefined ? {} : { helo }),
            'server.name': name,
            'message.size': size,
          }),
        ),
      ),
    ),
  ),
);

describe('the exact diff', () => {
  it('finds the connections that are treated otherwise on some day, all of them and no others', {
    timeout: TIMEOUT_MILLIS,
  }, () => {
    const tally = { alike: 0, otherwise: 0, equivalent: 0 };
    fc.assert(
      fc.property(policySetPairs, (written) => {
        const compiled = compiledOf(written);
        const { policySet: before } = compiled.before;
        const { policySet: after } = compiled.after;
        const diff = diffPolicySets(before, after, READ_AT);
        if (diff.equivalent) tally.equivalent++;
        const { place, asksForKnown } = placesIn(compiled);
        const cache = new Map<string, string>();
        for (const facts of CONNECTIONS) {
          for (const stretch of STRETCHES) {
            for (const histories of asksForKnown ? [[false], [true]] : [[false, true]]) {
              const differs = histories.some((isKnown) => isTreatedOtherwise(compiled, facts, stretch, isKnown, cache));
              tally[differs ? 'otherwise' : 'alike']++;
              const isKnown = histories.includes(true);
              const cells = place(facts, stretch.from, isKnown);
              const regions = diff.differences.filter((each) => isWithin(each.cells, cells));
              const told = { facts, stretch, isKnown, regions: regions.length };
              expect(told).toStrictEqual({ ...told, regions: differs ? 1 : 0 });
            }
          }
        }
        expect(diff.isCut).toBe(false);
        for (const difference of diff.differences) expect(difference.witness?.shows).toBeDefined();
      }),
      { numRuns: PAIRS, interruptAfterTimeLimit: TIMEOUT_MILLIS, markInterruptAsFailure: true },
    );
    expect(tally.otherwise).toBeGreaterThan(1_000);
    expect(tally.alike).toBeGreaterThan(1_000);
    expect(tally.equivalent).toBeGreaterThan(0);
  });
});

function compiledOf({ before, after }: WrittenPair): Compiled {
  return {
    before: compilePolicySet(policySetOf(before, READ_AT)),
    after: compilePolicySet(policySetOf(after, READ_AT)),
  };
}

/** Puts connections into the cells of the variables. */
function placesIn(compiled: Compiled) {
  const { exact } = outcomeDiagrams(compiled.before.policySet, compiled.after.policySet);
  const asksForKnown = exact.order.includes(exact.variables.ofFact('server.known') ?? -1);
  const place = (facts: Facts, time: number, isKnown: boolean): readonly number[] => {
    const record = isKnown ? recordOf(facts, time, {}) : undefined;
    const one = selectionOf(compiled.before, facts, record, epochMillis(time));
    const other = selectionOf(compiled.after, facts, record, epochMillis(time));
    const peer = exact.peers.findIndex(
      ({ connectors }) => connectors[0] === one.connector && connectors[1] === other.connector,
    );
    return exact.variables.all.map((variable, number) =>
      number === exact.variables.connector ? peer : variable.cellOf(one),
    );
  };
  return { place, asksForKnown };
}

function isWithin(region: PolicySetDiff['differences'][number]['cells'], cells: readonly number[]): boolean {
  return [...region].every(([variable, wanted]) => hasCell(wanted, cells[variable] ?? -1));
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Whether there is an instant and a history of the server at which the sets differ; what was looked at is kept. */
function isTreatedOtherwise(
  { before, after }: Compiled,
  facts: Facts,
  stretch: Stretch,
  isKnown: boolean,
  cache: Map<string, string>,
): boolean {
  const [one, other] = [before, after].map((compiled) => {
    const key = `${compiled === before}|${sortOf(compiled, facts, stretch.from, isKnown)}|${stretch.from}|${isKnown}`;
    const noticed = cache.get(key) ?? noticedWithin(compiled, facts, stretch, isKnown);
    cache.set(key, noticed);
    return noticed;
  });
  return one !== other;
}

/** All that can be noticed within the stretch, whatever happened to the server before. */
function noticedWithin(compiled: CompiledPolicySet, facts: Facts, { from, to }: Stretch, isKnown: boolean): string {
  const noticed: unknown[] = [];
  for (let day = from; day < to; day += GRID_DAYS * DAY) {
    for (let minute = 0; minute < 60; minute += GRID_MINUTES) {
      const time = epochMillis(day + minute * MINUTE);
      for (const record of historiesAt(facts, time, isKnown)) noticed.push(noticedIn(compiled, facts, record, time));
    }
  }
  return JSON.stringify(noticed);
}

/** What decides, where, and about whom; connections of one sort get the same. */
function sortOf(compiled: CompiledPolicySet, facts: Facts, time: number, isKnown: boolean): string {
  const record = isKnown ? recordOf(facts, time, {}) : undefined;
  const selection = selectionOf(compiled, facts, record, epochMillis(time));
  const decider = compiled.selector.decider(selection);
  const isExempted = decider !== undefined && 'exemption' in decider;
  const policy = compiled.selector.policy(selection)?.name;
  return [isExempted, policy, selection.connectorName, facts['server.name']].join();
}

function historiesAt(facts: Facts, time: EpochMillis, isKnown: boolean): (ServerRecord | undefined)[] {
  if (!isKnown) return [undefined];
  const clocks = [0, 5, 10, 15, 20, 25, 1_000].map((days) => ({ firstDetected: epochMillis(time - days * DAY) }));
  const hour = (ago: number) => epochMillis(Math.floor(time / 3_600_000 - ago) * 3_600_000);
  const refused = [0, 1, 3].map((ago) => ({ refusals: [{ hour: hour(ago), count: 5 }] }));
  const remediated = [5, 15].map((days) => ({
    remediation: { at: epochMillis(time - days * DAY), elapsed: (10 * DAY) as never },
  }));
  const histories = [
    {},
    ...remediated,
    ...clocks,
    ...[0, 2, 4]
      .flatMap((index) => clocks[index] ?? [])
      .flatMap((clock) => refused.map((each) => ({ ...clock, ...each }))),
  ];
  return histories.map((history) => recordOf(facts, time, history));
}

function recordOf(facts: Facts, time: number, history: Partial<ServerRecord>): ServerRecord {
  const seen = epochMillis(Math.min(time - 1, history.firstDetected ?? time));
  const name = facts['server.name'] ?? 'mx.one';
  return {
    id: serverId('one', name),
    connector: 'one',
    name,
    firstSeen: seen,
    lastSeen: seen,
    versions: [],
    pauses: [],
    refusals: [],
    ...history,
  };
}

/** Refusals, replies, reports, the clock; and where the clock runs in both, who the server is. */
function noticedIn(compiled: CompiledPolicySet, facts: Facts, record: ServerRecord | undefined, time: EpochMillis) {
  const { action, reply, wouldBe }: Decision = decide(compiled, facts, record, time);
  const observation = { connector: 'one', name: record?.name ?? 'mx.one', facts };
  const { firstDetected } = observe(compiled, record, observation, time);
  const selection = selectionOf(compiled, facts, record, time);
  const connector = connectorAt(compiled.policySet.connectors, selection.connector);
  const server = [connector.name, connector.identity, trustsHeaders(connector)];
  const isMatched = compiled.selector.policy(selection) !== undefined;
  return [
    action,
    reply,
    wouldBe?.action === 'accept' ? undefined : wouldBe,
    firstDetected,
    isMatched ? server : undefined,
  ];
}
