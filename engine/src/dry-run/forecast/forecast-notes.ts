import { comparisonsIn } from '../../decision/diagram/compile-diagram.js';
import { type FactName, factNamed } from '../../policy/fact.js';
import { type EpochMillis, epochMillis } from '../../policy/instant.js';
import type { Policy, PolicySet } from '../../policy/policy-set.js';
import { counted, instantWords } from '../report/report-document.js';
import type { ForecastSpan } from './forecast-report.js';
import type { KnownServer } from './server-spans.js';

const SILENT_DAYS = 30;
const DAY_MILLIS = 86_400_000;

/** What a forecast takes for granted, and what it cannot foresee. */
export function* forecastNotes(
  policySet: PolicySet,
  servers: readonly KnownServer[],
  spans: readonly ForecastSpan[],
  from: EpochMillis,
): Generator<string> {
  yield 'Each server is taken to go on sending as it did, with the version that counts for it now; where a policy comes to match it later, its clock starts at that instant.';
  yield* thresholdNotes(policySet.policies, new Set(spans.map(({ policy }) => policy)));
  yield* factNotes(policySet, servers);
  const silentSince = epochMillis(from - SILENT_DAYS * DAY_MILLIS);
  const silent = servers.filter(({ record }) => record.lastSeen < silentSince).length;
  if (silent > 0) {
    yield `${counted(silent, 'server')} sent nothing since ${instantWords(silentSince)}, and ${silent === 1 ? 'counts' : 'count'} here as if still sending.`;
  }
  if (spans.some(({ mode }) => mode === 'report')) {
    yield 'Policies in report mode refuse nothing: their stages are shown, their minutes are not counted.';
  }
}

function* thresholdNotes(policies: readonly Policy[], deciding: ReadonlySet<string | undefined>): Generator<string> {
  for (const { name, thresholds, stages } of policies) {
    if (thresholds.length === 0 || !deciding.has(name)) continue;
    const later = [...new Set(thresholds.map(({ advanceTo }) => stages[advanceTo]?.name))].join(', ');
    yield `How often servers will be refused cannot be foreseen: by the thresholds of policy ${name} they may come to ${later} earlier than shown.`;
  }
}

/** Facts of a connection are known of servers in a log, as they were last; the store keeps none of them. */
function* factNotes(policySet: PolicySet, servers: readonly KnownServer[]): Generator<string> {
  const asked = comparisonsIn(policySet).flatMap(({ fact, operand }) => [
    fact,
    ...('fact' in operand ? [operand.fact] : []),
  ]);
  const told = [...new Set(asked)].filter(isToldByConnection).sort();
  if (told.length === 0) return;
  const unknown = servers.filter(({ facts }) => facts === undefined).length;
  if (unknown > 0) {
    yield `Conditions ask for ${told.join(', ')}, which only a connection tells: not known of ${counted(unknown, 'server')} from the store.`;
  }
  if (unknown < servers.length) {
    yield `Conditions ask for ${told.join(', ')}: taken as each server's last record in the logs has them.`;
  }
}

function isToldByConnection(fact: FactName): boolean {
  return factNamed(fact)?.origin === 'connection';
}
