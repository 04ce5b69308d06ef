import type { CompileResult } from './compile-benchmark.js';
import { formatCount, formatMebioctets, formatMillis, formatRatio, formatWhole } from './format-figure.js';
import type { PostfixFigures, PostfixResult } from './postfix-benchmark.js';
import type { ResponderName } from './postfix-responders.js';
import type { ReloadResult } from './reload-benchmark.js';
import { type ReportTable, table } from './report-table.js';
import { medianRatio } from './statistics.js';

/** Time and memory of compiling. */
export function compileTable(compile: readonly CompileResult[]): ReportTable {
  const rows = compile.map((each) => [
    each.population,
    formatWhole(each.size),
    formatMillis(each.firstMillis),
    formatMillis(each.againMillis),
    formatMebioctets(each.heldOctets),
    formatMebioctets(each.peakOctets),
    formatMillis(each.checkMillis),
  ]);
  return table(
    'Compiling',
    ['population', 'policies', 'compile, first', 'compile, again', 'held', 'peak of process', 'read and check'],
    rows,
  );
}

/** Pauses by a reload. */
export function reloadTable(reload: ReloadResult): ReportTable {
  return table(
    'Reload while deciding (longest pause of the event loop)',
    ['policies', 'idle', 'reload', 'reload / idle', 'reload takes'],
    [
      [
        formatWhole(reload.policies),
        formatMillis(reload.idlePauseMillis),
        formatMillis(reload.reloadPauseMillis),
        formatRatio(reload.reloadPauseMillis / reload.idlePauseMillis),
        formatMillis(reload.reloadMillis),
      ],
    ],
  );
}

/** Requests per second through the policy protocol. */
export function postfixTable({ figures }: PostfixResult): ReportTable {
  const rows = figures
    .filter(({ responder }) => responder === 'sluice')
    .map((sluice) => {
      const bare = responderFigures(figures, 'bare Node responder', sluice);
      const postfwd = responderFigures(figures, 'postfwd', sluice);
      return [
        sluice.transport,
        String(sluice.connections),
        `${formatCount(bare?.perSecond ?? Number.NaN)}/s`,
        `${formatCount(sluice.perSecond)}/s`,
        formatRatio(requestRatio(figures, sluice)),
        `${(bare?.processorMicros ?? Number.NaN).toFixed(1)} / ${(sluice.processorMicros ?? Number.NaN).toFixed(1)} µs`,
        postfwd === undefined ? '–' : `${formatCount(postfwd.perSecond)}/s`,
        postfwd === undefined ? '–' : formatRatio(medianRatio(sluice.rounds, postfwd.rounds)),
      ];
    });
  return table(
    'Postfix policy protocol',
    [
      'transport',
      'connections',
      'bare Node',
      'Sluice',
      'Sluice / bare',
      'CPU a request, bare / Sluice',
      'postfwd',
      'Sluice / postfwd',
    ],
    rows,
  );
}

/** Requests per second of Sluice as a share of those of the bare responder. */
export function requestRatio(figures: readonly PostfixFigures[], sluice: PostfixFigures): number {
  const bare = responderFigures(figures, 'bare Node responder', sluice);
  return bare === undefined ? Number.NaN : medianRatio(sluice.rounds, bare.rounds);
}

function responderFigures(
  figures: readonly PostfixFigures[],
  responder: ResponderName,
  { transport, connections }: PostfixFigures,
): PostfixFigures | undefined {
  return figures.find(
    (each) => each.responder === responder && each.transport === transport && each.connections === connections,
  );
}
