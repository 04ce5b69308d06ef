import { type Command, Option } from 'commander';
import { formatInstant } from '../policy/instant.js';
import { type Clock, movedClock, systemClock } from '../service/clock.js';
import { type Configuration, DEFAULT_CONFIGURATION } from '../service/configuration.js';
import { NoPoliciesError } from '../service/policy-source.js';
import { type RunningService, startService } from '../service/service.js';
import { createServiceLog } from '../service/service-log.js';
import type { CommandLine } from './command-line.js';
import { DEMO_CONFIGURATION, DEMO_POLICIES, demoBanner, demoLine } from './demo.js';
import { EXIT, UsageError } from './exit-code.js';
import { formatFindings } from './format-findings.js';
import { loadConfiguration } from './load-configuration.js';
import { loadPolicies } from './load-policies.js';
import { SLUICE_VERSION } from './sluice-version.js';

interface ServeOptions {
  readonly policies?: string;
  readonly config?: string;
  readonly checkConfig?: true;
  readonly clock?: string;
  readonly demo?: true;
}

/** Adds `sluice serve`. */
export function addServeCommand(program: Command, line: CommandLine): void {
  program
    .command('serve')
    .description('Run the service that mail servers ask.')
    .addOption(new Option('-p, --policies <folder>', 'folder of the policy set; before the one in the configuration'))
    .option('-c, --config <file>', 'configuration, YAML or JSON; sluice init writes one with comments')
    .option('--check-config', 'check configuration and policies, and end')
    .option('--clock <instant>', 'for trying out: start the clock at an instant, or ahead by +35d')
    .option('--demo', 'for trying out: listen on loopback, with a small SMTP listener that discards mail')
    .addHelpText(
      'after',
      `
Logs are JSON lines on standard output. SIGHUP reads the policies again, which a change on disk does as well; SIGTERM and
SIGINT answer what was asked, save, and end.

Examples:
  sluice serve --demo
  sluice serve --config /etc/sluice/sluice.yaml --check-config
  sluice serve --policies /etc/sluice/policies --config /etc/sluice/sluice.yaml

Exit code: 0 ended by a signal or the check found nothing, 2 a fault.`,
    )
    .action((options: ServeOptions) => serve(options, line));
}

async function serve(options: ServeOptions, line: CommandLine): Promise<void> {
  const configuration = await configurationOf(options, line);
  const policies = options.policies ?? configuration.policies ?? (options.demo ? DEMO_POLICIES : undefined);
  if (policies === undefined)
    throw new UsageError('Name the folder of the policy set: --policies, or policies: in the configuration');
  const clock = clockOf(options.clock, line);
  if (options.checkConfig) {
    const { policySet } = await loadPolicies(policies, clock(), line);
    line.out(`The configuration and ${policySet.policies.length} policies are fine.\n`);
    line.exit(EXIT.fine);
    return;
  }
  if (Object.keys(configuration.listen).length === 0) {
    throw new UsageError('Nothing would listen: name at least one gateway under listen: in the configuration');
  }
  // Signals count from here on, so that none ends the process halfway through its start.
  const stopSignal = untilStopSignal();
  let service: RunningService | undefined;
  process.on('SIGHUP', () => void service?.policies.reload());
  service = await startOrExplain({ options, configuration, policies, clock, line });
  if (options.demo) line.out(await demoBanner(service, policies, configuration, clock, options.clock !== undefined));
  await stopSignal;
  await service.close();
  line.exit(EXIT.fine);
}

async function startOrExplain(start: {
  readonly options: ServeOptions;
  readonly configuration: Configuration;
  readonly policies: string;
  readonly clock: Clock;
  readonly line: CommandLine;
}): Promise<RunningService> {
  const { options, configuration, policies, clock, line } = start;
  const log = createServiceLog(options.demo ? 'warn' : configuration.logLevel, SLUICE_VERSION);
  if (options.clock !== undefined) log.warn('clock-moved', { now: formatInstant(clock()) });
  const display = options.demo
    ? { onJudgement: (...judged: Parameters<typeof demoLine>) => line.out(demoLine(...judged)) }
    : {};
  try {
    return await startService({ configuration, policies, clock, log, ...display });
  } catch (error) {
    if (!(error instanceof NoPoliciesError)) throw error;
    const print = { colours: false, version: SLUICE_VERSION, files: 0 };
    line.err(formatFindings('pretty', error.findings, print));
    throw new UsageError(error.message);
  }
}

async function configurationOf({ config, demo }: ServeOptions, line: CommandLine): Promise<Configuration> {
  if (config !== undefined) return loadConfiguration(config, line);
  return demo ? DEMO_CONFIGURATION : DEFAULT_CONFIGURATION;
}

function clockOf(moved: string | undefined, line: CommandLine): Clock {
  if (moved === undefined) return systemClock;
  const clock = movedClock(moved);
  if (clock === undefined) throw new UsageError(`--clock ${moved}: an instant or +35d was expected`);
  line.err(
    `WARNING: the clock is moved to ${formatInstant(clock())}. Never do this in production: servers would be refused too early.\n`,
  );
  return clock;
}

/** Waits for a signal to stop; a second one ends the process at once. */
function untilStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(EXIT.fault);
      isStopping = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
