import type { Build, BuildCatalogue, Product } from '@sluice/engine/policy/build-catalogue.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import { formatVersion } from '@sluice/engine/policy/version.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { explainBuild, explainProduct } from '../explain/explain-versions.js';
import type { CaretContext } from '../text/caret-context.js';
import type { Proposal } from './proposal.js';

/** The version or the build's name that is typed within a range. */
interface RangePart {
  /** Letters before the caret that belong to it. */
  readonly typed: number;
  /** Letters behind the caret that belong to it. */
  readonly rest: number;
  /** The quote in which the name of a build is typed. */
  readonly quote?: string;
  readonly isClosed: boolean;
}

/** The known builds, by their versions and by their names, the newest first; and all versions of each product. */
export function proposeRange(catalogue: BuildCatalogue, now: EpochMillis, caret: CaretContext): Proposal[] {
  const part = partAt(caret);
  return catalogue.products.flatMap((product) => {
    const builds = [...product.builds].reverse().flatMap((build) => proposeBuild(build, catalogue, now, caret, part));
    return part.quote === undefined ? [proposeProduct(product, now, part), ...builds] : builds;
  });
}

function proposeProduct(product: Product, now: EpochMillis, { typed, rest }: RangePart): Proposal {
  return {
    label: product.versions.text,
    kind: CompletionItemKind.Constant,
    put: { what: 'part', text: product.versions.text, typed, rest },
    detail: `all versions of ${product.name}`,
    documentation: explainProduct(product, now),
    isPreferred: true,
  };
}

function proposeBuild(
  build: Build,
  catalogue: BuildCatalogue,
  now: EpochMillis,
  caret: CaretContext,
  { typed, rest, quote, isClosed }: RangePart,
): Proposal[] {
  const version = formatVersion(build.version);
  const documentation = explainBuild(build, catalogue, now);
  const own = quote ?? quoteAround(build.name, caret.quote);
  const text = quote === undefined ? `${own}${build.name}${own}` : `${build.name}${isClosed ? '' : own}`;
  const byName: Proposal = {
    label: build.name,
    kind: CompletionItemKind.Constant,
    put: { what: 'part', text, typed, rest },
    detail: version,
    documentation,
  };
  if (quote !== undefined) return [byName];
  const put = { what: 'part', text: version, typed, rest } as const;
  return [{ label: version, kind: CompletionItemKind.Value, put, detail: build.name, documentation }, byName];
}

/** Names stand in quotes that neither are part of them nor, where that can be, end the text around them. */
function quoteAround(name: string, outer: CaretContext['quote']): string {
  if (name.includes('"')) return "'";
  return outer === '"' && !name.includes("'") ? "'" : '"';
}

function partAt({ before, after }: CaretContext): RangePart {
  const quote = openQuote(before);
  if (quote !== undefined) {
    const typed = /[^"'\\]*$/.exec(before)?.[0].length ?? 0;
    const rest = /^[^"'\\]*/.exec(after)?.[0].length ?? 0;
    const isClosed = /^\\?["']/.test(after.slice(rest));
    // What comes behind a name that is not closed is hardly part of it.
    return { typed, rest: isClosed ? rest : 0, quote, isClosed };
  }
  const typed = /[^\s<>=|"']*$/.exec(before)?.[0].length ?? 0;
  return { typed, rest: /^[^\s<>=|"']*/.exec(after)?.[0].length ?? 0, isClosed: true };
}

/** The quote of a build's name that is open at the end of a part of a range. */
function openQuote(text: string): string | undefined {
  let open: string | undefined;
  for (const [quote] of text.matchAll(/["']/g)) open = open === undefined ? quote : open === quote ? undefined : open;
  return open;
}
