import { compareVersions, formatVersion, type Version, version } from '../policy/version.js';
import { countedVersion } from './counted-version.js';
import { type Change, type Question, without } from './why-not-question.js';

/** The nearest versions above and below that give the outcome, and no version. */
export function versionChanges(question: Question): Change[] {
  const { variables, facts, record, now, compiled } = question;
  const current = countedVersion(record, facts['server.version'], now, compiled.settings.versionWindow);
  const cell = current === undefined ? 0 : variables.versionVariable.cellOfValue(current);
  const missing =
    current === undefined
      ? undefined
      : question.withFacts('server.version', 'server.version not known', without(facts, 'server.version'));
  const changes = [
    nearestRun(question, cell + 1, 1),
    cell > 0 ? nearestRun(question, cell - 1, -1) : undefined,
    missing,
  ];
  return changes.filter((each) => each !== undefined);
}

/** From a cell on in one direction, the first cells that give the outcome, as far as they follow each other. */
function nearestRun(question: Question, start: number, step: 1 | -1): Change | undefined {
  const { cellCount } = question.variables.versionVariable;
  const changeIn = (cell: number, text = '') => {
    const sample = sampleOf(question, cell, step);
    if (sample === undefined) return undefined;
    return question.withFacts('server.version', text, { ...question.facts, 'server.version': sample });
  };
  for (let cell = start; cell > 0 && cell < cellCount; cell += step) {
    if (changeIn(cell) === undefined) continue;
    let end = cell;
    while (end + step > 0 && end + step < cellCount && changeIn(end + step) !== undefined) end += step;
    return changeIn(cell, describeRun(question, Math.min(cell, end), Math.max(cell, end), step));
  }
  return undefined;
}

/** A version of a cell: the lowest, or going down the highest build that is listed there, where there is one. */
function sampleOf({ variables, compiled }: Question, cell: number, step: 1 | -1): Version | undefined {
  const { edges } = variables.versionVariable;
  const lowest = cell === 1 ? lowestBelow(edges[0]) : edges[cell - 2];
  if (lowest === undefined || step === 1) return lowest;
  const above = edges[cell - 1];
  const { products } = compiled.policySet.catalogue;
  const listed = products.flatMap(({ builds }) => builds.map((build) => build.version));
  const inside = listed.filter(
    (each) => compareVersions(each, lowest) >= 0 && (above === undefined || compareVersions(each, above) < 0),
  );
  return inside.reduce((highest, each) => (compareVersions(each, highest) > 0 ? each : highest), lowest);
}

/** Cell 1 lies below the first edge; without edges it holds all versions. */
function lowestBelow(first: Version | undefined): Version | undefined {
  const lowest = version(0);
  return first === undefined || compareVersions(lowest, first) < 0 ? lowest : undefined;
}

function describeRun({ variables, compiled }: Question, first: number, last: number, step: 1 | -1): string {
  const { edges } = variables.versionVariable;
  const from = edges[first - 2];
  const below = edges[last - 1];
  const name = (one: Version) => {
    const entry = compiled.policySet.catalogue.find(one);
    return entry?.exact === true ? `${formatVersion(one)} (${entry.build?.name})` : formatVersion(one);
  };
  const lower = from === undefined || compareVersions(from, version(0)) === 0 ? undefined : `≥ ${name(from)}`;
  const upper = below === undefined ? undefined : `< ${name(below)}`;
  const limits = (step === 1 ? [lower, upper] : [upper, lower]).filter((each) => each !== undefined);
  return `server.version ${limits.length === 0 ? 'known' : limits.join(' and ')}`;
}
