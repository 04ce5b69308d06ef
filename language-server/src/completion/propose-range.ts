import type { BuildCatalogue } from '@sluice/engine/policy/build-catalogue.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import { formatVersion } from '@sluice/engine/policy/version.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainBuild } from '../explain/explain-versions.js';
import type { Proposal } from './proposal.js';

/** What of a version range is being typed: where it begins, and whether it stands in quotes of its own. */
export interface RangePart {
  /** Letters before the caret that belong to it. */
  readonly typed: number;
  /** Letters behind the caret that belong to it. */
  readonly rest: number;
  /** Whether the quote that opens a build's name is typed already. */
  readonly isNamed: boolean;
}

/** Finds the version or the name at a caret within a range. */
export function rangePartAt(before: string, after: string): RangePart {
  const name = /\\?["']([^"'\\]*)$/.exec(before);
  const isNamed = name !== null && isOdd(before.slice(0, name.index + 1).match(/["']/g)?.length ?? 0);
  if (isNamed) return { typed: name[1]?.length ?? 0, rest: /^[^"'\\]*/.exec(after)?.[0].length ?? 0, isNamed };
  const typed = /[^\s<>=|"']*$/.exec(before)?.[0].length ?? 0;
  return { typed, rest: /^[^\s<>=|"']*/.exec(after)?.[0].length ?? 0, isNamed };
}

/** The known builds, by their versions and by their names, the newest first; and all versions of each product. */
export function proposeRange(
  catalogue: BuildCatalogue,
  now: EpochMillis,
  outerQuote: '"' | "'" | undefined,
  { isNamed }: RangePart,
): Proposal[] {
  // Names stand in the quotes that do not end the text around them.
  const quote = outerQuote === '"' ? "'" : '"';
  return catalogue.products.flatMap((product) => {
    const builds = [...product.builds].reverse().flatMap((build): Proposal[] => {
      const version = formatVersion(build.version);
      const documentation = explainBuild(build, catalogue, now);
      const byName: Proposal = {
        label: build.name,
        kind: CompletionItemKind.Constant,
        detail: version,
        documentation,
        ...(isNamed ? {} : { text: `${quote}${build.name}${quote}` }),
      };
      if (isNamed) return [byName];
      return [{ label: version, kind: CompletionItemKind.Value, detail: build.name, documentation }, byName];
    });
    if (isNamed) return builds;
    const all: Proposal = {
      label: product.versions.text,
      kind: CompletionItemKind.Constant,
      detail: product.name,
      documentation: `All versions of ${product.name}.`,
    };
    return [all, ...builds];
  });
}

function isOdd(count: number): boolean {
  return count % 2 === 1;
}
