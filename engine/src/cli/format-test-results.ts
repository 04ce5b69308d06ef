import picocolors from 'picocolors';
import { decisionToJson } from '../decision/decision-json.js';
import { caseWords } from '../dry-run/policy-tests/case-words.js';
import type { Coverage } from '../dry-run/policy-tests/coverage.js';
import { type Failure, nameOf, type TestResult } from '../dry-run/policy-tests/test-result.js';
import { formatInstant } from '../policy/instant.js';
import { positionOf, type SourcePosition } from '../policy/source.js';
import { coverageToJson, formatCoverage } from './format-coverage.js';
import { junitXml } from './junit-xml.js';

/** How results of tests can be printed. */
export const TEST_FORMATS = ['pretty', 'json', 'junit'] as const;
export type TestFormat = (typeof TEST_FORMATS)[number];

export interface ResultsPrintOptions {
  readonly colours: boolean;
  /** The path of a file of the policy set, as the user opens it. */
  readonly pathOf: (file: string) => string;
  /** Told after the results, but in JUnit XML. */
  readonly coverage?: Coverage;
}

/** Prints the results of tests. */
export function formatTestResults(
  format: TestFormat,
  results: readonly TestResult[],
  options: ResultsPrintOptions,
): string {
  switch (format) {
    case 'pretty':
      return pretty(results, options);
    case 'json':
      return `${JSON.stringify(json(results, options), null, 2)}\n`;
    case 'junit':
      return junit(results, options);
  }
}

function pretty(results: readonly TestResult[], { colours, pathOf, coverage }: ResultsPrintOptions): string {
  const paint = picocolors.createColors(colours);
  const failed = results.filter(isFailed);
  const blocks = failed.map((result) => {
    const lines = result.failures.map((failure) => `  ${failureText(failure, pathOf)}\n`);
    return `${paint.red('✗')} ${paint.bold(nameOf(result))}\n${lines.join('')}  ${paint.dim(caseText(result, pathOf))}\n`;
  });
  const passed = results.length - failed.length;
  const summary = `${passed} of ${results.length} passed${failed.length === 0 ? '' : `, ${failed.length} failed`}.\n`;
  const missing = coverage === undefined ? '' : formatCoverage(coverage, pathOf);
  return blocks.join('') + (failed.length === 0 ? paint.green(summary) : paint.red(summary)) + missing;
}

function json(results: readonly TestResult[], { pathOf, coverage }: ResultsPrintOptions): object {
  const failed = results.filter(isFailed).length;
  const told = (place: SourcePosition) => ({ ...place, file: pathOf(place.file) });
  return {
    passed: results.length - failed,
    failed,
    results: results.map((result) => ({
      name: result.test.name,
      ...(result.point.label === '' ? {} : { case: result.point.label }),
      place: told(positionOf(result.point.source)),
      at: formatInstant(result.point.at),
      failures: result.failures.map((failure) => ({ ...failure, place: told(failure.place) })),
      ...(result.decider === undefined ? {} : { decider: told(result.decider) }),
      decision: decisionToJson(result.decision),
    })),
    ...(coverage === undefined ? {} : { coverage: coverageToJson(coverage, pathOf) }),
  };
}

function junit(results: readonly TestResult[], { pathOf }: ResultsPrintOptions): string {
  const byFile = new Map<string, TestResult[]>();
  for (const result of results) {
    const { file } = result.point.source;
    const others = byFile.get(file);
    if (others === undefined) byFile.set(file, [result]);
    else others.push(result);
  }
  const suites = [...byFile].map(([file, ofFile]) => ({
    name: pathOf(file),
    cases: ofFile.map((result) => ({
      name: nameOf(result),
      file: pathOf(file),
      line: result.point.source.range.start.line,
      failures: result.failures.map((failure) => ({
        message: `${failure.part}: expected ${failure.expected}, got ${failure.actual}`,
        text: `${failureText(failure, pathOf)}\n${caseText(result, pathOf)}`,
      })),
    })),
  }));
  return junitXml('sluice test', suites);
}

function isFailed({ failures }: TestResult): boolean {
  return failures.length > 0;
}

type PathOf = ResultsPrintOptions['pathOf'];

function failureText({ place, part, expected, actual }: Failure, pathOf: PathOf): string {
  return `${placeText(place, pathOf)}: ${part}: expected ${expected}, got ${actual}`;
}

/** The connection, and what decided for it, with its place. */
function caseText(result: TestResult, pathOf: PathOf): string {
  const where = result.decider === undefined ? '' : ` (${placeText(result.decider, pathOf)})`;
  return `${caseWords(result)}${where}`;
}

/** A place as terminals and editors open it. */
function placeText({ file, line, column }: SourcePosition, pathOf: PathOf): string {
  return `${pathOf(file)}:${line}:${column}`;
}
