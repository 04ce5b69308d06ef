import type { Build, Product } from './build-catalogue.js';
import { type DocumentNode, entryOf, itemsOf, numberOf, textEntry, textOf } from './document-node.js';
import { relatedTo } from './finding.js';
import { instantEntry } from './read-scalar.js';
import type { Report } from './report.js';
import { spanOf } from './source.js';
import { rangeProblem } from './value-problem.js';
import { compareVersions, formatVersion, parseVersion } from './version.js';
import { parseVersionRange, rangeContains, type VersionRange } from './version-range.js';

/** Reads the products of a `*.builds.yaml`. */
export function readProducts(root: DocumentNode, report: Report): Product[] {
  return itemsOf(entryOf(root, 'products')).flatMap((node) => readProduct(node, report) ?? []);
}

function readProduct(node: DocumentNode, report: Report): Product | undefined {
  const name = textEntry(node, 'name');
  const versions = readVersions(entryOf(node, 'versions'), report);
  const supportEnds = instantEntry(node, 'supportEnds', report);
  if (name === undefined || versions === undefined) return undefined;
  const builds = itemsOf(entryOf(node, 'builds')).flatMap((each) => readBuild(each, versions, report) ?? []);
  builds.sort((a, b) => compareVersions(a.version, b.version));
  reportSameVersions(builds, report);
  return {
    name,
    versions,
    laneParts: numberOf(entryOf(node, 'laneParts')) === 2 ? 2 : 3,
    builds,
    source: spanOf(node),
    ...(supportEnds === undefined ? {} : { supportEnds }),
  };
}

function readVersions(node: DocumentNode | undefined, report: Report): VersionRange | undefined {
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const result = parseVersionRange(text);
  if (result.ok) return result.range;
  report.addAt(node, rangeProblem(text, result.problem));
  return undefined;
}

function readBuild(node: DocumentNode, versions: VersionRange, report: Report): Build | undefined {
  const name = textEntry(node, 'name');
  const versionNode = entryOf(node, 'version');
  const released = instantEntry(node, 'released', report);
  const text = textOf(versionNode);
  if (name === undefined || versionNode === undefined || text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) {
    const message = `"${text}" is no version; one to four numbers with dots were expected.`;
    report.add('version-range-syntax', versionNode, message, 'For example 15.1.2507.39.');
    return undefined;
  }
  if (!rangeContains(versions, version)) {
    report.add(
      'value-out-of-range',
      versionNode,
      `${text} lies outside the versions of its product, ${versions.text}.`,
    );
  }
  return { name, version, source: spanOf(node), ...(released === undefined ? {} : { released }) };
}

function reportSameVersions(builds: readonly Build[], report: Report): void {
  for (const [index, build] of builds.entries()) {
    const before = builds[index - 1];
    if (before === undefined || compareVersions(before.version, build.version) !== 0) continue;
    const message = `Two builds have the version ${formatVersion(build.version)}.`;
    report.add(
      'build-duplicate',
      build.source,
      message,
      'Remove one, or correct its version.',
      relatedTo(before.source, `The other one, ${before.name}.`),
    );
  }
}

/** Checks what holds across all catalogues: names of builds are unique, products share no version. */
export function checkProducts(products: readonly Product[], report: Report): void {
  const names = new Map<string, Build>();
  for (const build of products.flatMap((product) => product.builds)) {
    const earlier = names.get(build.name);
    if (earlier === undefined) names.set(build.name, build);
    else {
      const message = `Two builds are named ${build.name}.`;
      report.add(
        'build-duplicate',
        build.source,
        message,
        placeHint(earlier),
        relatedTo(earlier.source, `The other one, ${earlier.name}.`),
      );
    }
  }
  for (const [index, product] of products.entries()) {
    const other = products.slice(0, index).find((each) => overlap(each.versions, product.versions));
    if (other === undefined) continue;
    const message = `The versions of ${product.name} overlap those of ${other.name}.`;
    report.add(
      'product-overlap',
      product.source,
      message,
      placeHint(other),
      relatedTo(other.source, `The other one, ${other.name}.`),
    );
  }
}

function placeHint({ source }: Build | Product): string {
  return `The other one stands at ${source.file}:${source.range.start.line}.`;
}

function overlap(a: VersionRange, b: VersionRange): boolean {
  return (
    a.intervals.some((interval) => rangeContains(b, interval.from)) ||
    b.intervals.some((interval) => rangeContains(a, interval.from))
  );
}
