import { instantWords } from '@sluice/engine/decision/diff/change-words.js';
import type { Build, BuildCatalogue, Product } from '@sluice/engine/policy/build-catalogue.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import { formatVersion, parseVersion, type Version } from '@sluice/engine/policy/version.js';
import {
  parseVersionRange,
  rangeContains,
  type VersionRange,
  type VersionRangeToken,
} from '@sluice/engine/policy/version-range.js';
import { code, paragraphs, plain } from './markdown.js';
import { counted, datedWords } from './words.js';

/** Products that are told one by one. */
const MAX_PRODUCTS = 12;

/** Reads a range with the names of a catalogue; undefined where it cannot be read. */
export function rangeOf(text: string, catalogue: BuildCatalogue): VersionRange | undefined {
  const result = parseVersionRange(text, (name) => catalogue.buildNamed(name)?.version);
  return result.ok ? result.range : undefined;
}

/** How many builds a catalogue knows, and how many of them a range holds. */
export function buildCounts(range: VersionRange, catalogue: BuildCatalogue): { held: number; known: number } {
  const all = catalogue.products.flatMap(({ builds }) => builds);
  return { held: all.filter(({ version }) => rangeContains(range, version)).length, known: all.length };
}

/** Which known builds a range holds, by product, each with the first and the last one. */
export function explainRange(range: VersionRange, catalogue: BuildCatalogue): string | undefined {
  const { held, known } = buildCounts(range, catalogue);
  if (known === 0) return undefined;
  const lines = catalogue.products.flatMap((product) => heldOf(product, range) ?? []);
  const hidden = lines.length - MAX_PRODUCTS;
  const shown = hidden > 0 ? [...lines.slice(0, MAX_PRODUCTS), `- and of ${counted(hidden, 'more product')}`] : lines;
  return paragraphs(`This range holds **${held} of ${counted(known, 'known build')}**`, shown.join('\n'));
}

function heldOf({ name, builds }: Product, range: VersionRange): string | undefined {
  const held = builds.filter(({ version }) => rangeContains(range, version));
  const [first, last] = [held[0], held.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const share = held.length === builds.length ? `all ${held.length}` : `${held.length} of ${builds.length}`;
  const span = first === last ? buildWords(first) : `from ${buildWords(first)} to ${buildWords(last)}`;
  return `- ${plain(name)}: ${share}, ${span}`;
}

/** `Exchange Server 2016 CU23 Aug23SU (15.1.2507.31)`. */
export function buildWords({ name, version }: Build): string {
  return `${plain(name)} (${formatVersion(version)})`;
}

/** A build: its version, when it was released, until when it is in support, and what is newer. */
export function explainBuild(build: Build, catalogue: BuildCatalogue, now: EpochMillis): string {
  const { product, newest } = catalogue.find(build.version) ?? {};
  const released = build.released === undefined ? '' : `, released ${instantWords(build.released)}`;
  const newer =
    newest === undefined || newest === build ? 'It is the newest known build of its lane.' : newerWords(newest);
  return paragraphs(
    `**${plain(build.name)}** (${formatVersion(build.version)})${released}${supportWords(product, now)}`,
    newer,
  );
}

function newerWords(newest: Build): string {
  const released = newest.released === undefined ? '' : `, released ${instantWords(newest.released)}`;
  return `The newest of its lane is ${buildWords(newest)}${released}.`;
}

function supportWords(product: Product | undefined, now: EpochMillis): string {
  const ends = product?.supportEnds;
  if (ends === undefined) return '';
  return ends <= now ? `, unsupported since ${instantWords(ends)}` : `, supported until ${instantWords(ends)}`;
}

/** A product: its versions, its builds, and until when it is in support. */
export function explainProduct({ name, versions, builds, supportEnds, laneParts }: Product, now: EpochMillis): string {
  const [first, last] = [builds[0], builds.at(-1)];
  const span = first === undefined || last === undefined ? '' : `, from ${buildWords(first)} to ${buildWords(last)}`;
  const lane = laneParts === 3 ? 'three parts (cumulative updates)' : 'two parts (service packs)';
  const ends =
    supportEnds === undefined
      ? 'The end of its support is not known.'
      : `Its support ${supportEnds <= now ? 'ended' : 'ends'} ${datedWords(supportEnds, now)}.`;
  return paragraphs(
    `**${plain(name)}**, versions ${code(versions.text)}: ${counted(builds.length, 'known build')}${span}`,
    `${ends} Builds whose versions share ${lane} form a lane, in which each replaces the one before.`,
  );
}

/** A part of a range: a version or the name of a build; undefined for comparators and what is not known. */
export function explainRangePart(
  { kind, text }: VersionRangeToken,
  catalogue: BuildCatalogue,
  now: EpochMillis,
): string | undefined {
  if (kind === 'name') {
    const build = catalogue.buildNamed(text);
    return build === undefined ? undefined : explainBuild(build, catalogue, now);
  }
  if (kind !== 'operand') return undefined;
  const version = parseVersion(text);
  const isWhole = version !== undefined && text.split('.').length === 4;
  return isWhole ? explainVersion(version, catalogue, now) : prefixWords(text);
}

/** A version: the build that it is, or stands for. */
export function explainVersion(version: Version, catalogue: BuildCatalogue, now: EpochMillis): string {
  const text = formatVersion(version);
  const entry = catalogue.find(version);
  if (entry === undefined) return `**${text}** belongs to no product of the catalogue`;
  const { build, exact, product } = entry;
  if (build !== undefined && exact) return explainBuild(build, catalogue, now);
  const nearest = build === undefined ? '' : `; it stands for ${buildWords(build)}`;
  return `**${text}** is no listed build of ${plain(product.name)}${supportWords(product, now)}${nearest}`;
}

function prefixWords(text: string): string {
  const begin = text.replace(/(?:\.[xX*])+$/, '');
  return /^[xX*]$/.test(begin) ? '**x**: every version' : `**${text}**: all versions that begin with ${code(begin)}`;
}
