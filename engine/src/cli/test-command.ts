import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CompiledPolicySet } from '../decision/compiled-policy-set.js';
import { coverageOf } from '../dry-run/policy-tests/coverage.js';
import { findExamples } from '../dry-run/policy-tests/find-examples.js';
import { generateTests } from '../dry-run/policy-tests/generate-tests.js';
import { runPolicyTests } from '../dry-run/policy-tests/run-policy-tests.js';
import { nameOf, type TestResult } from '../dry-run/policy-tests/test-result.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { systemClock } from '../service/clock.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { formatTestResults, TEST_FORMATS, type TestFormat } from './format-test-results.js';
import { loadPoliciesAndTests } from './load-policies.js';
import { formatOption } from './options.js';

interface TestOptions {
  readonly format: TestFormat;
  readonly filter?: string;
  readonly gatewayName?: string;
  readonly coverage?: true;
  readonly generate?: true;
  readonly output?: string;
}

/** Adds `sluice test`. */
export function addTestCommand(program: Command, line: CommandLine): void {
  program
    .command('test')
    .description('Run the tests of a policy set, its *.test.yaml.')
    .argument('[folder]', 'folder of the policy set', 'policies')
    .addOption(formatOption(...TEST_FORMATS))
    .option('--filter <text>', 'only tests with this text in their file or name')
    .option('--gateway-name <name>', 'name of this gateway in replies')
    .option('--coverage', 'tell what no test reaches too: policies, stages, exemptions, bounds of versions')
    .option('--generate', 'run nothing; print the tests that are missing, as a file to review')
    .option('-o, --output <file>', 'write to a file, once the policies are read; to standard output by default')
    .addHelpText(
      'after',
      `
Examples:
  sluice test policies
  sluice test --filter 2016 policies
  sluice test --format junit policies > tests.xml
  sluice test --coverage policies
  sluice test --generate --output policies/missing.test.yaml policies

Exit code: 0 all tests pass, 1 one fails, 2 a fault: the policies have errors, or there is no such test.`,
    )
    .action(async (folder: string, options: TestOptions) => {
      const { format, filter, coverage: tellsCoverage = false, generate = false } = options;
      if (tellsCoverage && format === 'junit') throw new UsageError('--coverage goes with --format pretty or json');
      const settings = options.gatewayName === undefined ? {} : { gatewayName: options.gatewayName };
      const now = systemClock();
      const { compiled, tests } = await loadPoliciesAndTests(folder, now, line, settings);
      const all = runPolicyTests(compiled, tests);
      if (generate) {
        await print(missingTests(compiled, all, now), options.output, line);
        return line.exit(EXIT.fine);
      }
      const results = all.filter((result) => isWanted(result, filter));
      if (results.length === 0) throw new UsageError(nothingToRun(folder, filter));
      const parts = tellsCoverage ? findExamples(compiled, startOfDay(now)) : undefined;
      const coverage = parts === undefined ? {} : { coverage: coverageOf(compiled, parts, results) };
      const pathOf = (file: string) => join(folder, file);
      const colours = line.colours && options.output === undefined;
      await print(formatTestResults(format, results, { colours, pathOf, ...coverage }), options.output, line);
      line.exit(results.some(({ failures }) => failures.length > 0) ? EXIT.findings : EXIT.fine);
    });
}

/** Where a shell redirects into the policy folder, it makes the file before anything is read. */
async function print(text: string, output: string | undefined, line: CommandLine): Promise<void> {
  if (output === undefined) line.out(text);
  else await writeFile(output, text);
}

function isWanted(result: TestResult, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  return `${result.point.source.file} ${nameOf(result)}`.toLowerCase().includes(filter.toLowerCase());
}

function nothingToRun(folder: string, filter: string | undefined): string {
  return filter === undefined
    ? `${folder} holds no tests; a file such as outdated.test.yaml was expected there`
    : `No test of ${folder} has ${JSON.stringify(filter)} in its file or name`;
}

function missingTests(compiled: CompiledPolicySet, results: readonly TestResult[], now: EpochMillis): string {
  const parts = findExamples(compiled, startOfDay(now));
  return generateTests(compiled, coverageOf(compiled, parts, results), parts) ?? '# No test is missing.\n';
}

/** Midnight, so that instants of new tests read well. */
function startOfDay(instant: EpochMillis): EpochMillis {
  return epochMillis(instant - (instant % 86_400_000));
}
