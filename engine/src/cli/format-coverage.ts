import type { Coverage, CoveredBoundary } from '../dry-run/policy-tests/coverage.js';
import { positionOf, type SourcePosition, type SourceSpan } from '../policy/source.js';
import { formatVersion } from '../policy/version.js';

type PathOf = (file: string) => string;

/** What no test reaches, a line each, and how much is reached, as text for people. */
export function formatCoverage(coverage: Coverage, pathOf: PathOf): string {
  const { policies, exemptions, boundaries, isComplete } = coverage;
  const place = (span: SourceSpan) => placeText(positionOf(span), pathOf);
  const lines = [
    ...policies.flatMap(({ policy, isReached, stages }) =>
      isReached
        ? stages
            .filter((each) => !each.isReached)
            .map(({ stage }) => `${place(stage.source)}: no test reaches stage ${stage.name} of ${policy.name}`)
        : [`${place(policy.source)}: no test reaches the policy ${policy.name}`],
    ),
    ...exemptions
      .filter(({ isReached }) => !isReached)
      .map(({ exemption: { name, source } }) => `${place(source)}: no test reaches the exemption ${name}`),
    ...boundaries.flatMap((each) => {
      const missing = missingSides(each);
      const { policy, at, decidesBelow } = each.boundary;
      const does = decidesBelow ? 'ends' : 'begins';
      return missing.length === 0
        ? []
        : [
            `${place(policy.source)}: no test pins where ${policy.name} ${does}, ${formatVersion(at)}: ${missing.join(', ')} not tested`,
          ];
    }),
    ...(isComplete ? [] : ['There are too many cases to look at: some bounds of versions may not be told.']),
  ];
  return `${lines.map((line) => `${line}\n`).join('')}${summary(coverage)}\n`;
}

function summary({ policies, exemptions, boundaries }: Coverage): string {
  const stages = policies.flatMap((policy) => policy.stages);
  const sides = boundaries.flatMap(({ isPinnedBelow, isPinnedAbove }) => [isPinnedBelow, isPinnedAbove]);
  const isReached = (each: { readonly isReached: boolean }) => each.isReached;
  const counts = [
    `${ratio(policies.map(isReached))} policies`,
    `${ratio(stages.map(isReached))} stages`,
    `${ratio(exemptions.map(isReached))} exemptions`,
    `${ratio(sides)} sides of version bounds`,
  ];
  return `Reached by tests: ${counts.join(', ')}.`;
}

function ratio(reached: readonly boolean[]): string {
  return `${reached.filter(Boolean).length} of ${reached.length}`;
}

/** What has to be tested: `14.3.513.0 (below)`. */
function missingSides({ boundary: { below, above }, isPinnedBelow, isPinnedAbove }: CoveredBoundary): string[] {
  return [
    ...(isPinnedBelow ? [] : [`${formatVersion(below)} (below)`]),
    ...(isPinnedAbove ? [] : [`${formatVersion(above)} (from there on)`]),
  ];
}

/** Coverage as JSON. */
export function coverageToJson({ policies, exemptions, boundaries, isComplete }: Coverage, pathOf: PathOf): object {
  const place = ({ source }: { readonly source: SourceSpan }) => {
    const { file, ...rest } = positionOf(source);
    return { file: pathOf(file), ...rest };
  };
  return {
    policies: policies.map(({ policy, isReached, stages }) => ({
      name: policy.name,
      place: place(policy),
      isReached,
      stages: stages.map((each) => ({
        name: each.stage.name,
        place: place(each.stage),
        isReached: each.isReached,
      })),
    })),
    exemptions: exemptions.map(({ exemption, isReached }) => ({
      name: exemption.name,
      place: place(exemption),
      isReached,
    })),
    boundaries: boundaries.map(({ boundary, isPinnedBelow, isPinnedAbove }) => ({
      policy: boundary.policy.name,
      at: formatVersion(boundary.at),
      below: { version: formatVersion(boundary.below), isPinned: isPinnedBelow },
      above: { version: formatVersion(boundary.above), isPinned: isPinnedAbove },
    })),
    isComplete,
  };
}

function placeText({ file, line, column }: SourcePosition, pathOf: PathOf): string {
  return `${pathOf(file)}:${line}:${column}`;
}
