import type { ContenderName } from './contender.js';
import type { DecideResult } from './decide-benchmark.js';
import type { DecideFigures } from './decide-worker.js';
import { formatCount, formatNanos, formatRatio, formatWhole } from './format-figure.js';
import type { PopulationName } from './population.js';
import { type ReportTable, table } from './report-table.js';
import { medianRatio } from './statistics.js';

/** Tables of the decisions. */
export function decisionTables({ limit, peers }: DecideResult): ReportTable[] {
  return [limitTable(limit), ...(['laned', 'hard'] as const).map((population) => peerTable(peers, population))];
}

/** Finds what was measured of a contender. */
export function figuresOf(
  figures: readonly DecideFigures[],
  contender: ContenderName,
  population: PopulationName,
  size: number,
): DecideFigures | undefined {
  return figures.find((each) => each.contender === contender && each.population === population && each.size === size);
}

/** Decisions per second of one, as a share of those of another; NaN where one of them was not measured. */
export function speedRatio(figures: DecideFigures | undefined, reference: DecideFigures | undefined): number {
  return figures === undefined || reference === undefined ? Number.NaN : medianRatio(figures.rounds, reference.rounds);
}

function limitTable(limit: readonly DecideFigures[]): ReportTable {
  const rows = limit
    .filter(({ contender }) => contender === 'sluice')
    .map((sluice) => {
      const { population, size } = sluice;
      const contender = population === 'hard' ? 'linear walk' : 'hand-written index';
      const reference = figuresOf(limit, contender, population, size);
      return [
        population,
        formatWhole(size),
        `${formatCount(sluice.perSecond)}/s`,
        formatNanos(sluice.p50Nanos),
        formatNanos(sluice.p99Nanos),
        contender,
        `${formatCount(reference?.perSecond ?? Number.NaN)}/s`,
        formatRatio(speedRatio(sluice, reference)),
      ];
    })
    .sort((a, b) => POPULATION_ORDER.indexOf(a[0] ?? '') - POPULATION_ORDER.indexOf(b[0] ?? ''));
  return table(
    'Sluice against the limit',
    ['population', 'policies', 'Sluice', 'p50', 'p99', 'reference', 'speed', 'Sluice / reference'],
    rows,
  );
}

const POPULATION_ORDER = ['laned', 'told', 'hard'];

function peerTable(peers: readonly DecideFigures[], population: PopulationName): ReportTable {
  const rows = peers
    .filter((each) => each.population === population)
    .map((each) => {
      const sluice = figuresOf(peers, 'sluice', population, each.size);
      return [
        formatWhole(each.size),
        each.contender,
        each.skipped ?? `${formatCount(each.perSecond)}/s`,
        formatNanos(each.p50Nanos),
        formatNanos(each.p99Nanos),
        formatNanos(each.findOnlyNanos),
        formatRatio(speedRatio(sluice, each)),
      ];
    });
  return table(
    `Sluice against its peers, population ${population}`,
    ['policies', 'library', 'whole decisions', 'p50', 'p99', 'library alone, p50', 'Sluice / library'],
    rows,
  );
}
