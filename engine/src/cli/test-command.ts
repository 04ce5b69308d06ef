import { join } from 'node:path';
import type { Command } from 'commander';
import { runPolicyTests } from '../dry-run/policy-tests/run-policy-tests.js';
import { nameOf, type TestResult } from '../dry-run/policy-tests/test-result.js';
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
    .addHelpText(
      'after',
      `
Examples:
  sluice test policies
  sluice test --filter 2016 policies
  sluice test --format junit policies > tests.xml

Exit code: 0 all tests pass, 1 one fails, 2 a fault: the policies have errors, or there is no such test.`,
    )
    .action(async (folder: string, options: TestOptions) => {
      const settings = options.gatewayName === undefined ? {} : { gatewayName: options.gatewayName };
      const { compiled, tests } = await loadPoliciesAndTests(folder, systemClock(), line, settings);
      const results = runPolicyTests(compiled, tests).filter((result) => isWanted(result, options.filter));
      if (results.length === 0) throw new UsageError(nothingToRun(folder, options.filter));
      line.out(
        formatTestResults(options.format, results, { colours: line.colours, pathOf: (file) => join(folder, file) }),
      );
      line.exit(results.some(({ failures }) => failures.length > 0) ? EXIT.findings : EXIT.fine);
    });
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
