import type { Build, BuildCatalogue } from '@sluice/engine/policy/build-catalogue.js';
import type { SourceSpan } from '@sluice/engine/policy/source.js';
import { parseVersion } from '@sluice/engine/policy/version.js';
import type { VersionRangeToken } from '@sluice/engine/policy/version-range.js';
import type { DocumentLink } from 'vscode-languageserver';
import { meaningsIn } from '../meaning/meanings-in.js';
import { versionParts } from '../meaning/scalar-parts.js';
import { namesIn, placeOf } from '../symbols/symbol-index.js';
import { toLspRange } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { DocumentInSet } from '../workspace/workspace.js';

const ADDRESS = /\bhttps?:\/\/[^\s"'<>{}[\]|\\^`]+/g;
/** What ends a sentence around an address is no part of it. */
const BEHIND = /[.,;:!?)]+$/;

/** Addresses of pages, wherever they stand, and the products and builds that the catalogue has. */
export function documentLinks(context: DocumentInSet): DocumentLink[] {
  return [...addresses(context.document), ...catalogueLinks(context)];
}

function addresses({ text }: PolicyDocument): DocumentLink[] {
  return [...text.getText().matchAll(ADDRESS)].flatMap((match) => {
    const target = match[0].replace(BEHIND, '');
    if (!URL.canParse(target)) return [];
    const range = { start: text.positionAt(match.index), end: text.positionAt(match.index + target.length) };
    return [{ range, target }];
  });
}

/** A catalogue does not lead to itself. */
function catalogueLinks({ document, snapshot, folder }: DocumentInSet): DocumentLink[] {
  if (document.kind === 'builds') return [];
  const { catalogue } = snapshot.reading.sound;
  const linkTo = (from: SourceSpan, what: string, { file, range }: SourceSpan): DocumentLink => ({
    range: toLspRange(from.range),
    target: `${folder.uriOf(file)}#L${range.start.line}`,
    tooltip: `${what} in ${file}`,
  });
  const products = namesIn(document).flatMap((name) => {
    const { kind } = name;
    const product = kind === 'product' ? catalogue.products.find((each) => each.name === name.name) : undefined;
    const target = kind === 'build' && name.part === undefined ? catalogue.buildNamed(name.name) : product;
    return target === undefined ? [] : [linkTo(placeOf(name), target.name, target.source)];
  });
  const builds = meaningsIn(document).flatMap((meaning) => {
    if (meaning.what !== 'value' || meaning.grammar !== 'version-range') return [];
    const { file } = meaning.node;
    return versionParts(meaning.node).flatMap(({ part, range }) => {
      const build = buildOf(part, catalogue);
      return build === undefined ? [] : [linkTo({ file, range }, build.name, build.source)];
    });
  });
  return [...products, ...builds];
}

/** The build that a part of a range names, or whose version it is. */
function buildOf({ kind, text }: VersionRangeToken, catalogue: BuildCatalogue): Build | undefined {
  if (kind === 'name') return catalogue.buildNamed(text);
  const version = kind === 'operand' ? parseVersion(text) : undefined;
  const entry = version === undefined ? undefined : catalogue.find(version);
  return entry?.exact === true ? entry.build : undefined;
}
