import Table from 'cli-table3';
import type { Command } from 'commander';
import type { CompiledPolicySet } from '../decision/compiled-policy-set.js';
import { decide } from '../decision/decide.js';
import { deriveFacts } from '../decision/derive-facts.js';
import type { ServerRecord } from '../decision/server-record.js';
import { csvLine } from '../dry-run/csv-line.js';
import { formatDuration } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, formatInstant } from '../policy/instant.js';
import { formatVersion } from '../policy/version.js';
import { systemClock } from '../service/clock.js';
import { openLmdbStore } from '../state/lmdb-store.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { loadConfiguration } from './load-configuration.js';
import { loadPolicies } from './load-policies.js';
import { formatOption, instantArgument } from './options.js';

interface ServersOptions {
  readonly policies?: string;
  readonly store?: string;
  readonly config?: string;
  readonly at?: EpochMillis;
  readonly format: 'text' | 'json' | 'csv';
}

/** One server as it is shown; instants in RFC 3339, minutes of every hour. */
interface ServerRow {
  readonly server: string;
  readonly connector: string;
  readonly version?: string;
  readonly build?: string;
  readonly buildIsExact?: boolean;
  readonly product?: string;
  readonly firstDetected?: string;
  readonly elapsed?: string;
  readonly lastSeen: string;
  readonly policy?: string;
  readonly stage?: string;
  readonly nextStage?: string;
  readonly nextStageAt?: string;
  readonly throttleMinutes?: number;
  readonly blockMinutes?: number;
  readonly exemption?: string;
  readonly evidence?: string;
}

const COLUMNS = [
  'server',
  'connector',
  'version',
  'build',
  'buildIsExact',
  'product',
  'firstDetected',
  'elapsed',
  'lastSeen',
  'policy',
  'stage',
  'nextStage',
  'nextStageAt',
  'throttleMinutes',
  'blockMinutes',
  'exemption',
  'evidence',
] as const satisfies readonly (keyof ServerRow)[];

/** Adds `sluice servers`. */
export function addServersCommand(program: Command, line: CommandLine): void {
  program
    .command('servers')
    .description('List the servers that are remembered, and where they stand.')
    .option('-c, --config <file>', "the service's configuration, for the folders of its policies and its store")
    .option('-p, --policies <folder>', 'folder of the policy set; policies by default')
    .option('--store <folder>', 'folder of the embedded store; .sluice by default')
    .option('--at <instant>', 'instant by which stages are worked out; now by default', instantArgument)
    .addOption(formatOption('text', 'json', 'csv'))
    .addHelpText(
      'after',
      `
The service may run at the same time.

Examples:
  sluice servers
  sluice servers --config /etc/sluice/sluice.yaml --format csv > servers.csv
  sluice servers --store /var/lib/sluice --policies /etc/sluice/policies --at 2026-12-24

Exit code: 0 fine, 2 the store or the policies cannot be read.`,
    )
    .action(async (options: ServersOptions) => {
      const now = options.at ?? systemClock();
      const { policies, store: path } = await foldersOf(options, line);
      const compiled = await loadPolicies(policies, now, line);
      const store = await openLmdbStore({ path, readOnly: true });
      try {
        await print(store.list(), (record) => rowOf(compiled, record, now), options.format, line);
      } finally {
        await store.close();
      }
      line.exit(EXIT.fine);
    });
}

async function foldersOf(
  { policies, store, config }: ServersOptions,
  line: CommandLine,
): Promise<{ policies: string; store: string }> {
  const configuration = config === undefined ? undefined : await loadConfiguration(config, line);
  if (store === undefined && configuration?.store.kind === 'memory') {
    throw new UsageError('The store of this configuration is in memory: only the service itself can see it');
  }
  const configured = configuration?.store.kind === 'lmdb' ? configuration.store.path : undefined;
  return {
    policies: policies ?? configuration?.policies ?? 'policies',
    store: store ?? configured ?? '.sluice',
  };
}

async function print(
  records: AsyncIterable<ServerRecord>,
  row: (record: ServerRecord) => ServerRow,
  format: ServersOptions['format'],
  line: CommandLine,
): Promise<void> {
  if (format === 'csv') line.out(csvLine(COLUMNS));
  const rows: ServerRow[] = [];
  let isFirst = true;
  for await (const record of records) {
    const shown = row(record);
    if (format === 'csv') line.out(csvLine(COLUMNS.map((column) => shown[column])));
    else if (format === 'json') line.out(`${isFirst ? '[\n' : ',\n'}${JSON.stringify(shown)}`);
    else rows.push(shown);
    isFirst = false;
  }
  if (format === 'json') line.out(isFirst ? '[]\n' : '\n]\n');
  if (format === 'text') line.out(rows.length === 0 ? 'No server is remembered yet.\n' : tableOf(rows, line.colours));
}

function rowOf(compiled: CompiledPolicySet, record: ServerRecord, now: EpochMillis): ServerRow {
  const told: Facts = { 'connector.name': record.connector, 'server.name': record.name };
  const facts = deriveFacts(compiled, told, record, now);
  const version = facts['server.version'];
  const common = {
    server: record.name,
    connector: record.connector,
    lastSeen: formatInstant(record.lastSeen),
    ...(version === undefined ? {} : { version: formatVersion(version) }),
    ...defined({
      build: facts['server.build'],
      buildIsExact: facts['server.build.exact'],
      product: facts['server.product'],
      evidence: record.versions[0]?.evidence.header,
    }),
  };
  if (record.firstDetected === undefined) return common;
  const { policy, stage, next, window, elapsed, exemption } = decide(compiled, told, record, now);
  return {
    ...common,
    firstDetected: formatInstant(record.firstDetected),
    throttleMinutes: window?.throttle ?? 0,
    blockMinutes: window?.block ?? 0,
    ...(elapsed === undefined ? {} : { elapsed: formatDuration(elapsed) }),
    ...(next === undefined ? {} : { nextStage: next.stage, nextStageAt: formatInstant(next.at) }),
    ...defined({ policy, stage, exemption }),
  };
}

/** Leaves out what is not known. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function tableOf(rows: readonly ServerRow[], colours: boolean): string {
  const table = new Table({
    head: ['server', 'build', 'product', 'first detected', 'stage', 'next stage', '450 min/h', '550 min/h'],
    style: colours ? { head: ['bold'] } : { head: [], border: [] },
  });
  for (const row of rows) {
    const build =
      row.build === undefined
        ? (row.version ?? 'unknown')
        : `${row.buildIsExact ? '' : '≥ '}${row.build}\n${row.version}`;
    const next = row.nextStage === undefined ? '' : `${row.nextStage}\n${row.nextStageAt}`;
    const detected = row.firstDetected === undefined ? 'not out of date' : `${row.firstDetected}\n${row.elapsed ?? ''}`;
    table.push([
      `${row.server}\n${row.connector}`,
      build,
      row.product ?? '',
      detected,
      row.exemption === undefined ? (row.stage ?? '') : `exempt: ${row.exemption}`,
      next,
      row.throttleMinutes ?? '',
      row.blockMinutes ?? '',
    ]);
  }
  return `${table.toString()}\n`;
}
