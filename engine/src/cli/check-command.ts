import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { checkPolicySet } from '../decision/check-policies.js';
import { fileKindOf } from '../policy/file-kind.js';
import { type Finding, sortFindings, withPaths } from '../policy/finding.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import type { PolicySet } from '../policy/policy-set.js';
import { readPolicyFile, readPolicyFolder } from '../policy/read-policy-folder.js';
import { systemClock } from '../service/clock.js';
import { type CheckStatistics, formatStatistics, measureCompiling } from './check-statistics.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { FINDING_FORMATS, type FindingFormat, formatFindings } from './format-findings.js';
import { formatOption, instantArgument } from './options.js';
import { SLUICE_VERSION } from './sluice-version.js';

interface CheckOptions {
  readonly format: FindingFormat;
  readonly at?: EpochMillis;
  readonly stats?: boolean;
}

interface CheckedPath {
  readonly path: string;
  readonly findings: readonly Finding[];
  /** Files whose findings are told. */
  readonly files: number;
  readonly statistics: CheckStatistics;
}

/** Adds `sluice check`. */
export function addCheckCommand(program: Command, line: CommandLine): void {
  program
    .command('check')
    .description('Check policy files.')
    .argument('[path...]', 'folders of policy sets, or single files', ['policies'])
    .addOption(formatOption(...FINDING_FORMATS))
    .option('--at <instant>', 'instant by which exemptions have expired; now by default', instantArgument)
    .option('--stats', 'print figures of each policy set too: sizes, its decision diagram, times; with pretty or json')
    .addHelpText(
      'after',
      `
A folder is one policy set. A single file is checked together with the others of its folder; only its own findings are
printed.

Examples:
  sluice check policies
  sluice check --format github policies        annotations in a GitHub workflow
  sluice check --format sarif policies > sluice.sarif
  sluice check --stats policies                how large its decision diagram is, and how long it takes to compile
  sluice check --stats --format json policies  { "findings": [...], "stats": { "policies": {...} } }

Exit code: 0 no errors (warnings and infos are fine), 1 errors, 2 a path cannot be read.`,
    )
    .action(async (paths: string[], options: CheckOptions) => {
      const { format, stats = false } = options;
      if (stats && format !== 'pretty' && format !== 'json') {
        throw new UsageError(`--stats goes with --format pretty or json, not with ${format}`);
      }
      const now = options.at ?? systemClock();
      const checked: CheckedPath[] = [];
      for (const path of paths) checked.push(await checkPath(path, now, stats));
      const findings = sortFindings(checked.flatMap((each) => each.findings));
      const files = checked.reduce((sum, each) => sum + each.files, 0);
      const printed = formatFindings(format, findings, { colours: line.colours, version: SLUICE_VERSION, files });
      line.out(stats ? withStatistics(format, printed, findings, checked) : printed);
      line.exit(findings.some((each) => each.severity === 'error') ? EXIT.findings : EXIT.fine);
    });
}

/** Findings name files as the path that was given does, so that editors and terminals can open them. */
async function checkPath(path: string, now: EpochMillis, measures: boolean): Promise<CheckedPath> {
  const start = performance.now();
  if (await isFolder(path)) {
    const files = await readPolicyFolder(path);
    const { findings, policySet } = checkPolicySet(files, now);
    const told = findings.map((each) => withPaths(each, (file) => join(path, file)));
    return { path, findings: told, files: files.length, statistics: statisticsOf(files, policySet, start, measures) };
  }
  if (fileKindOf(path) === undefined) {
    throw new UsageError(`${path} is no policy file; its name has to end in .policy.yaml, .connectors.yaml and so on`);
  }
  const name = basename(path);
  const others = (await readPolicyFolder(dirname(path))).filter((file) => file.path !== name);
  const files: PolicyFile[] = [...others, await readPolicyFile(path, name)];
  const { findings, policySet } = checkPolicySet(files, now);
  const pathOf = (file: string) => (file === name ? path : join(dirname(path), file));
  const own = findings.filter((each) => each.file === name).map((each) => withPaths(each, pathOf));
  return { path, findings: own, files: 1, statistics: statisticsOf(files, policySet, start, measures) };
}

/** @param start when reading began, as performance.now tells it */
function statisticsOf(
  files: readonly PolicyFile[],
  policySet: PolicySet | undefined,
  start: number,
  measures: boolean,
): CheckStatistics {
  const checkMillis = performance.now() - start;
  const isCompiled = measures && policySet !== undefined;
  return { files: files.length, checkMillis, ...(isCompiled ? { compiled: measureCompiling(policySet) } : {}) };
}

function withStatistics(
  format: FindingFormat,
  printed: string,
  findings: readonly Finding[],
  checked: readonly CheckedPath[],
): string {
  if (format !== 'json') {
    return printed + checked.map(({ path, statistics }) => formatStatistics(path, statistics)).join('');
  }
  const stats = Object.fromEntries(checked.map(({ path, statistics }) => [path, statistics]));
  return `${JSON.stringify({ findings, stats }, null, 2)}\n`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new UsageError(`${path} does not exist; a folder of policy files was expected`);
  }
}
