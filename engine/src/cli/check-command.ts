import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { checkPolicySet } from '../decision/check-policies.js';
import { fileKindOf } from '../policy/file-kind.js';
import { type Finding, sortFindings } from '../policy/finding.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { readPolicyFile, readPolicyFolder } from '../policy/read-policy-folder.js';
import { systemClock } from '../service/clock.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { FINDING_FORMATS, type FindingFormat, formatFindings } from './format-findings.js';
import { formatOption, instantArgument } from './options.js';
import { SLUICE_VERSION } from './sluice-version.js';

interface CheckOptions {
  readonly format: FindingFormat;
  readonly at?: EpochMillis;
}

/** Adds `sluice check`. */
export function addCheckCommand(program: Command, line: CommandLine): void {
  program
    .command('check')
    .description('Check policy files.')
    .argument('[path...]', 'folders of policy sets, or single files', ['policies'])
    .addOption(formatOption(...FINDING_FORMATS))
    .option('--at <instant>', 'instant by which exemptions have expired; now by default', instantArgument)
    .addHelpText(
      'after',
      `
A folder is one policy set. A single file is checked together with the others of its folder; only its own findings are
printed.

Examples:
  sluice check policies
  sluice check --format github policies        annotations in a GitHub workflow
  sluice check --format sarif policies > sluice.sarif

Exit code: 0 no errors (warnings are fine), 1 errors, 2 a path cannot be read.`,
    )
    .action(async (paths: string[], options: CheckOptions) => {
      const now = options.at ?? systemClock();
      const checked = await Promise.all(paths.map((path) => checkPath(path, now)));
      const findings = sortFindings(checked.flatMap((each) => each.findings));
      const files = checked.reduce((sum, each) => sum + each.files, 0);
      line.out(formatFindings(options.format, findings, { colours: line.colours, version: SLUICE_VERSION, files }));
      line.exit(findings.some((each) => each.severity === 'error') ? EXIT.findings : EXIT.fine);
    });
}

/** Findings name files as the path that was given does, so that editors and terminals can open them. */
async function checkPath(path: string, now: EpochMillis): Promise<{ findings: readonly Finding[]; files: number }> {
  if (await isFolder(path)) {
    const files = await readPolicyFolder(path);
    const findings = checkPolicySet(files, now).findings.map((each) => ({ ...each, file: join(path, each.file) }));
    return { findings, files: files.length };
  }
  if (fileKindOf(path) === undefined) {
    throw new UsageError(`${path} is no policy file; its name has to end in .policy.yaml, .connectors.yaml and so on`);
  }
  const name = basename(path);
  const others = (await readPolicyFolder(dirname(path))).filter((file) => file.path !== name);
  const files: PolicyFile[] = [...others, await readPolicyFile(path, name)];
  const own = checkPolicySet(files, now).findings.filter((each) => each.file === name);
  return { findings: own.map((each) => ({ ...each, file: path })), files: 1 };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new UsageError(`${path} does not exist; a folder of policy files was expected`);
  }
}
