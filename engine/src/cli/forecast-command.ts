import { type Command, InvalidArgumentError } from 'commander';
import type { CompiledPolicySet } from '../decision/compiled-policy-set.js';
import type { ServerRecord } from '../decision/server-record.js';
import { forecast, MAX_FORECAST_DAYS } from '../dry-run/forecast/forecast.js';
import { forecastCalendar } from '../dry-run/forecast/forecast-calendar.js';
import { forecastCsv } from '../dry-run/forecast/forecast-csv.js';
import { forecastDocument } from '../dry-run/forecast/forecast-document.js';
import { forecastJson } from '../dry-run/forecast/forecast-json.js';
import type { ForecastReport } from '../dry-run/forecast/forecast-report.js';
import type { KnownServer } from '../dry-run/forecast/server-spans.js';
import { TrafficTally } from '../dry-run/forecast/traffic-tally.js';
import { Replay } from '../dry-run/replay/replay.js';
import { logNotes } from '../dry-run/report/log-notes.js';
import { renderDocument } from '../dry-run/report/render-document.js';
import { didYouMean } from '../policy/did-you-mean.js';
import { durationMillis } from '../policy/duration.js';
import { type EpochMillis, parseInstant } from '../policy/instant.js';
import { systemClock } from '../service/clock.js';
import { DEFAULT_CONFIGURATION } from '../service/configuration.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { knownServers } from './known-servers.js';
import { loadPolicies } from './load-policies.js';
import { addLogReadingOptions, type LogOptions, readLogArguments } from './log-options.js';
import { countArgument, formatOption, instantArgument, policiesOption } from './options.js';
import { progressFor } from './reading-progress.js';

const FORMATS = ['text', 'json', 'csv', 'markdown', 'html', 'ics'] as const;

interface ForecastCommandOptions extends LogOptions {
  readonly policies: string;
  readonly days: number;
  readonly from?: EpochMillis;
  readonly firstDetected?: string;
  readonly store: string;
  readonly patched: ReadonlyMap<string, EpochMillis>;
  readonly format: (typeof FORMATS)[number];
  readonly top: number;
}

/** Servers to forecast, from when, and what the reader must know of where they come from. */
interface Known {
  readonly servers: readonly KnownServer[];
  readonly from: EpochMillis;
  readonly notes: readonly string[];
}

/** Adds `sluice forecast`. */
export function addForecastCommand(program: Command, line: CommandLine): void {
  const command = program
    .command('forecast')
    .description('Show which server will enter which stage when, and what is refused on each day.')
    .argument('[logs...]', 'files, folders or patterns such as "mail.log*"; - for standard input; else the store');
  addLogReadingOptions(command)
    .addOption(policiesOption())
    .addOption(formatOption(...FORMATS))
    .option('--days <days>', 'how far to look ahead', daysArgument, 90)
    .option('--from <instant>', "where to begin; by default now, or the logs' last instant", instantArgument)
    .option('--store <folder>', 'folder of the embedded store', '.sluice')
    .option(
      '--first-detected <source>',
      'servers known beforehand: store (the default without logs), log-start (with them), or a file of sluice servers --format json',
    )
    .option(
      '--patched <server=date>',
      'what if a server were patched by a date; may be repeated',
      patchedArgument,
      NONE,
    )
    .option('--top <count>', 'servers that are shown; JSON, CSV and calendar have all', countArgument, 20)
    .addHelpText(
      'after',
      `
--policies may name a proposed set. How many messages are at risk is known only from logs.

Examples:
  sluice forecast --store /var/lib/sluice
  sluice forecast --days 30 --format html sluice.log > forecast.html
  sluice forecast --patched mx1.contoso.example=2026-10-01 --format ics > stages.ics

Exit code: 0 fine, 2 the store, a log or the policies cannot be read.`,
    )
    .action(async (logs: readonly string[], options: ForecastCommandOptions) => {
      const now = systemClock();
      const compiled = await loadPolicies(options.policies, now, line);
      const source = options.firstDetected ?? (logs.length === 0 ? 'store' : 'log-start');
      const remembered = await knownServers(source, options.store);
      const known =
        logs.length === 0
          ? { servers: remembered.map((record) => ({ record })), from: options.from ?? now, notes: NOTES_OF_STORE }
          : await fromLogs(compiled, logs, options, remembered, now);
      const servers = withPatched(known.servers, options.patched);
      const report = forecast(compiled, servers, { from: known.from, days: options.days });
      const notes = [...report.notes, ...known.notes];
      line.out(format({ ...report, notes }, options, line.colours));
      line.exit(EXIT.fine);
    });
}

const NONE: ReadonlyMap<string, EpochMillis> = new Map();
const NOTES_OF_STORE = [
  'How many messages are at risk is not known: the store does not count what servers send, logs do.',
];

/** Replays logs first; what the replay then remembers is forecast. */
async function fromLogs(
  compiled: CompiledPolicySet,
  logs: readonly string[],
  options: ForecastCommandOptions,
  remembered: readonly ServerRecord[],
  now: EpochMillis,
): Promise<Known> {
  const { peerWindow } = DEFAULT_CONFIGURATION;
  const replay = new Replay(compiled, { peerWindow, shift: durationMillis(0), servers: remembered });
  const traffic = new TrafficTally();
  const progress = progressFor(logs, process.stderr);
  const read = await readLogArguments(logs, options, now, progress, (record) => traffic.add(replay.take(record)));
  const servers: KnownServer[] = [];
  for await (const record of replay.servers()) servers.push(traffic.knownServer(record));
  return { servers, from: options.from ?? traffic.until ?? now, notes: [...traffic.notes(), ...logNotes(read)] };
}

/** @throws UsageError where nobody is called so */
function withPatched(
  servers: readonly KnownServer[],
  patched: ReadonlyMap<string, EpochMillis>,
): readonly KnownServer[] {
  if (patched.size === 0) return servers;
  const names = servers.flatMap(({ record }) => [record.name, record.id]);
  for (const name of patched.keys()) {
    if (names.includes(name)) continue;
    const hint = didYouMean(name, names) ?? 'sluice servers lists those of the store';
    throw new UsageError(`--patched: no server is called ${name}. ${hint}`);
  }
  return servers.map((server) => {
    const patchedAt = patched.get(server.record.name) ?? patched.get(server.record.id);
    return patchedAt === undefined ? server : { ...server, patchedAt };
  });
}

function format(report: ForecastReport, { format: wanted, top }: ForecastCommandOptions, colours: boolean): string {
  if (wanted === 'json') return forecastJson(report);
  if (wanted === 'csv') return forecastCsv(report);
  if (wanted === 'ics') return forecastCalendar(report);
  return renderDocument(forecastDocument(report, top), wanted, colours);
}

function daysArgument(text: string): number {
  const days = countArgument(text);
  if (days < 1 || days > MAX_FORECAST_DAYS) {
    throw new InvalidArgumentError(`A number of days from 1 to ${MAX_FORECAST_DAYS} was expected.`);
  }
  return days;
}

/** Reads `SERVER=DATE`, and adds it to those before it. */
function patchedArgument(text: string, earlier: ReadonlyMap<string, EpochMillis>): ReadonlyMap<string, EpochMillis> {
  const split = text.lastIndexOf('=');
  const instant = split < 1 ? undefined : parseInstant(text.slice(split + 1));
  if (instant === undefined) {
    throw new InvalidArgumentError('A server and a date were expected: mx1.contoso.example=2026-10-01.');
  }
  return new Map([...earlier, [text.slice(0, split), instant]]);
}
