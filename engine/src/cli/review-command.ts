import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { checkPolicySet } from '../decision/check-policies.js';
import { compilePolicySet } from '../decision/compile-policy-set.js';
import { diffToJson } from '../decision/diff/diff-json.js';
import { diffPolicySets } from '../decision/diff/diff-policy-sets.js';
import type { Pair } from '../decision/diff/outcome-diagrams.js';
import { Impact } from '../dry-run/impact/impact.js';
import { impactToJson } from '../dry-run/impact/impact-json.js';
import type { ImpactReport } from '../dry-run/impact/impact-report.js';
import { runPolicyTests } from '../dry-run/policy-tests/run-policy-tests.js';
import { nameOf } from '../dry-run/policy-tests/test-result.js';
import { passes, type Review } from '../dry-run/review/review.js';
import { reviewMarkdown } from '../dry-run/review/review-markdown.js';
import { durationMillis } from '../policy/duration.js';
import { withPaths } from '../policy/finding.js';
import type { EpochMillis } from '../policy/instant.js';
import type { PolicySet } from '../policy/policy-set.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { DEFAULT_CONFIGURATION } from '../service/configuration.js';
import { revisionWithCommit } from '../service/git-commit.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { formatFindings } from './format-findings.js';
import { gitHubCommand } from './github-command.js';
import { addLogOptions, type LogOptions, readLogArguments } from './log-options.js';
import { formatOption, policiesOption, presentSecond } from './options.js';
import { NoPolicySetError, PolicySetLoader } from './policy-set-loader.js';
import { progressFor } from './reading-progress.js';
import { FORGES, type ForgeName, postReview } from './review-comment.js';
import { SLUICE_VERSION } from './sluice-version.js';

const FORMATS = ['markdown', 'json'] as const;

interface ReviewOptions extends LogOptions {
  readonly base: string;
  readonly policies: string;
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly annotate?: true;
  readonly post?: ForgeName;
}

/** Adds `sluice review`. */
export function addReviewCommand(program: Command, line: CommandLine): void {
  addLogOptions(program.command('review'), '[logs...]')
    .description(
      'Review a change of policies: check, tests, exact difference and, with logs, its impact, in one report.',
    )
    .requiredOption('--base <revision>', 'what to compare with: a git revision, or a folder')
    .addOption(policiesOption())
    .addOption(formatOption(...FORMATS))
    .option('-o, --output <file>', 'write the report to a file; to standard output by default')
    .option('--annotate', 'print annotations at the lines of findings and failed tests, for a GitHub workflow')
    .addOption(new Option('--post <forge>', 'post it as a comment on the change that the job runs for').choices(FORGES))
    .addHelpText(
      'after',
      `
A comment that is there already is updated. GitHub: GITHUB_TOKEN is needed beside what a job has; GitLab: GITLAB_TOKEN.

Examples:
  sluice review --base origin/main
  sluice review --base origin/main --annotate --post github "archive/*.jsonl.gz"

Exit code: 0 no errors and all tests pass, 1 otherwise, 2 a policy set or a log cannot be read, or the forge refuses.`,
    )
    .action(async (logs: readonly string[], options: ReviewOptions) => {
      const review = await reviewOf(logs, options, presentSecond(), line);
      const markdown = reviewMarkdown(review);
      const printed = options.format === 'json' ? reviewJson(review) : markdown;
      if (options.output !== undefined) await writeFile(options.output, printed);
      if (options.annotate) line.out(annotations(review));
      if (options.output === undefined && !options.annotate) line.out(printed);
      if (options.post !== undefined) await postReview(options.post, options.policies, markdown, line.environment);
      line.exit(passes(review) ? EXIT.fine : EXIT.findings);
    });
}

async function reviewOf(
  logs: readonly string[],
  options: ReviewOptions,
  now: EpochMillis,
  line: CommandLine,
): Promise<Review> {
  const { policies, base } = options;
  const files = await readPolicyFolder(policies, 'links within').catch((error: Error) => {
    throw new UsageError(`The policies cannot be read: ${error.message}`);
  });
  const { policySet, findings, tests } = checkPolicySet(files, now);
  const pathOf = (file: string) => join(policies, file);
  const checked = {
    names: { before: base, after: policies },
    findings: findings.map((each) => withPaths(each, pathOf)),
    pathOf,
  };
  if (policySet === undefined) return checked;
  const after = { ...policySet, revision: await revisionWithCommit(policySet.revision, policies) };
  const tested = { ...checked, tests: runPolicyTests(compilePolicySet(after), tests) };
  const before = await baseOf(options, now, line);
  if (typeof before === 'string') return { ...tested, noDiff: before };
  if (logs.length === 0) return { ...tested, diff: diffPolicySets(before, after, now) };
  const impact = await impactOf({ before, after }, checked.names, logs, options, now);
  return { ...tested, ...impact };
}

/** A base without valid policies is no fault of the change: then the reason is given. */
async function baseOf(
  { base, policies }: ReviewOptions,
  now: EpochMillis,
  line: CommandLine,
): Promise<PolicySet | string> {
  const silent = { ...line, err: () => {} };
  try {
    return await new PolicySetLoader(policies, now, silent).load(base);
  } catch (error) {
    if (error instanceof NoPolicySetError) return `there is nothing to compare with: ${error.message}.`;
    throw error;
  }
}

async function impactOf(
  sets: Pair<PolicySet>,
  names: Pair<string>,
  logs: readonly string[],
  options: ReviewOptions,
  now: EpochMillis,
): Promise<Pick<Review, 'diff'> & { readonly impact: ImpactReport }> {
  const compiled = { before: compilePolicySet(sets.before), after: compilePolicySet(sets.after) };
  const { peerWindow } = DEFAULT_CONFIGURATION;
  const impact = new Impact(compiled, { peerWindow, shift: durationMillis(0) }, now);
  const progress = progressFor(logs, process.stderr);
  const read = await readLogArguments(logs, options, now, progress, (record) => impact.take(record));
  return { diff: impact.diff, impact: impact.report(names, read) };
}

function reviewJson(review: Review): string {
  const { findings, tests, diff, noDiff, impact, names, pathOf } = review;
  const failed = tests?.filter(({ failures }) => failures.length > 0);
  const json = {
    passes: passes(review),
    ...names,
    findings,
    ...(tests === undefined || failed === undefined
      ? {}
      : {
          tests: {
            passed: tests.length - failed.length,
            failed: failed.map((result) => ({
              name: nameOf(result),
              failures: result.failures.map((each) => ({
                ...each,
                place: { ...each.place, file: pathOf(each.place.file) },
              })),
            })),
          },
        }),
    ...(diff === undefined ? {} : { diff: diffToJson(diff, names) }),
    ...(noDiff === undefined ? {} : { noDiff }),
    ...(impact === undefined ? {} : { impact: impactToJson(impact) }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function annotations({ findings, tests = [], pathOf }: Review): string {
  const found = formatFindings('github', findings, { colours: false, version: SLUICE_VERSION, files: 0 });
  const failed = tests.flatMap((result) =>
    result.failures.map(({ part, expected, actual, place }) =>
      gitHubCommand('error', `${nameOf(result)}: ${part} was expected to be ${expected}, is ${actual}`, {
        file: pathOf(place.file),
        line: place.line,
        col: place.column,
        title: 'test failed',
      }),
    ),
  );
  return found + failed.join('');
}
