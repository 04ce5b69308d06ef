import type { Build, BuildCatalogue } from '../../policy/build-catalogue.js';
import { compareVersions, formatVersion, successorOf, type Version, version } from '../../policy/version.js';

/** Versions from `from` up to but without `to`. */
export interface VersionStretch {
  readonly from?: Version;
  readonly to?: Version;
}

/** Builds of the catalogue within a region, in the order of their versions. */
export interface KnownBuilds {
  readonly count: number;
  readonly first?: { readonly name: string; readonly version: string };
  readonly last?: { readonly name: string; readonly version: string };
}

/** Stretches that are named one by one. */
const MAX_STRETCHES = 6;

/** Versions in words, edges that are builds of the catalogue by their names: `from 15.1 before "CU23 Aug23SU" (15.1.2507.31)`. */
export function versionWords(
  { isAbsentIn, intervals }: { readonly isAbsentIn: boolean; readonly intervals: readonly VersionStretch[] },
  catalogues: readonly BuildCatalogue[],
): string {
  if (intervals.length === 0) return 'server.version not known';
  const names = buildNames(catalogues);
  const shown = intervals.slice(0, MAX_STRETCHES).map((each) => stretchWords(each, names));
  const hidden = intervals.length - shown.length;
  const more = [...(hidden > 0 ? [`one of ${hidden} more ranges`] : []), ...(isAbsentIn ? ['not known'] : [])];
  return `server.version ${[...shown, ...more].join(' or ')}`;
}

/** Builds within the stretches; the first catalogue that has a version names it. */
export function knownBuildsIn(
  stretches: readonly VersionStretch[],
  catalogues: readonly BuildCatalogue[],
): KnownBuilds | undefined {
  const names = buildNames(catalogues);
  if (names.size === 0) return undefined;
  const builds = [...names.values()]
    .filter(({ version: built }) => stretches.some((each) => isWithin(each, built)))
    .sort((a, b) => compareVersions(a.version, b.version));
  const told = (build: Build | undefined, key: 'first' | 'last') =>
    build === undefined ? {} : { [key]: { name: build.name, version: formatVersion(build.version) } };
  return { count: builds.length, ...told(builds[0], 'first'), ...told(builds.at(-1), 'last') };
}

function isWithin({ from, to }: VersionStretch, value: Version): boolean {
  return (
    (from === undefined || compareVersions(from, value) <= 0) && (to === undefined || compareVersions(value, to) < 0)
  );
}

function buildNames(catalogues: readonly BuildCatalogue[]): ReadonlyMap<string, Build> {
  const names = new Map<string, Build>();
  for (const catalogue of catalogues) {
    for (const build of catalogue.products.flatMap((product) => product.builds)) {
      const key = formatVersion(build.version);
      if (!names.has(key)) names.set(key, build);
    }
  }
  return names;
}

function stretchWords({ from, to }: VersionStretch, names: ReadonlyMap<string, Build>): string {
  const start = from !== undefined && compareVersions(from, version(0)) > 0 ? from : undefined;
  if (start === undefined) return to === undefined ? 'known' : `before ${edgeWords(to, names)}`;
  if (to === undefined) return `from ${edgeWords(start, names)} on`;
  const whole = wholePrefix(start, to);
  if (whole !== undefined) return whole.endsWith('x') ? whole : edgeWords(start, names);
  return `from ${edgeWords(start, names)} to before ${edgeWords(to, names)}`;
}

/** `8.x` or `15.1.2507.x` for all versions that begin so, or the version alone. */
function wholePrefix(from: Version, to: Version): string | undefined {
  for (const parts of [4, 3, 2, 1] as const) {
    const above = successorOf(from, parts);
    const isWhole = from.slice(parts).every((part) => part === 0);
    if (!isWhole || above === undefined || compareVersions(above, to) !== 0) continue;
    return parts === 4 ? formatVersion(from) : `${from.slice(0, parts).join('.')}.x`;
  }
  return undefined;
}

function edgeWords(edge: Version, names: ReadonlyMap<string, Build>): string {
  const text = formatVersion(edge);
  const build = names.get(text);
  return build === undefined ? text.replace(/(?:\.0)+$/, '') : `${build.name} (${text})`;
}
