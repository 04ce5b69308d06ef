import { formatMebioctets, formatMillis, formatRatio, formatWhole } from './format-figure.js';
import type { ReplayResult } from './replay-benchmark.js';
import { type ReportTable, table } from './report-table.js';
import { median, medianRatio } from './statistics.js';

/** Replaying logs. */
export function replayTable(replays: readonly ReplayResult[]): ReportTable {
  const rows = replays.map((each) => [
    each.log,
    formatMebioctets(each.octets),
    formatWhole(each.policies),
    formatMillis(median(each.bareMillis)),
    formatMillis(median(each.replayMillis)),
    formatRatio(replaySpeed(each)),
    formatMebioctets(each.peakOctets),
  ]);
  return table(
    'Replaying logs, one thread (bare: JSON.parse of each line; of Postfix one regular expression a line)',
    ['log', 'size', 'policies', 'bare loop', 'replay', 'replay / bare, in speed', 'peak of process'],
    rows,
  );
}

/** Speed of a replay as a share of that of the bare loop. */
export function replaySpeed({ replayMillis, bareMillis }: ReplayResult): number {
  return medianRatio(bareMillis, replayMillis);
}
