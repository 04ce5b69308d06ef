import type { EpochMillis } from './instant.js';
import type { SourceSpan } from './source.js';
import { compareVersions, formatVersion, type Version } from './version.js';
import { rangeContains, type VersionRange } from './version-range.js';

/** A known build of a product. */
export interface Build {
  readonly name: string;
  readonly version: Version;
  readonly released?: EpochMillis;
  readonly source: SourceSpan;
}

/** A product whose versions lie in a range that no other product shares. */
export interface Product {
  readonly name: string;
  readonly versions: VersionRange;
  /** Leading parts of a version that its lane shares: 3 where updates come per cumulative update, 2 per service pack. */
  readonly laneParts: 2 | 3;
  readonly supportEnds?: EpochMillis;
  /** In the order of their versions. */
  readonly builds: readonly Build[];
  readonly source: SourceSpan;
}

/** What the catalogue knows of a version. */
export interface CatalogueEntry {
  readonly product: Product;
  /** The build of exactly this version, else the nearest known one below, else the lowest: of equal three parts, else of its lane. */
  readonly build?: Build;
  readonly exact: boolean;
  /** Whether that build is the newest of its lane that is known. */
  readonly isNewest: boolean;
  /** The newest build of the lane that is known. */
  readonly newest?: Build;
  /** Newest release of the lane that was out at the instant asked for. */
  newestReleaseAt(instant: EpochMillis): EpochMillis | undefined;
}

/** All products and their builds. */
export class BuildCatalogue {
  readonly #byName = new Map<string, Build>();
  /** Servers show the same few versions over and over. */
  readonly #found = new Map<string, CatalogueEntry | undefined>();

  constructor(readonly products: readonly Product[]) {
    for (const product of products) for (const build of product.builds) this.#byName.set(build.name, build);
  }

  /** Names of all builds. */
  get buildNames(): readonly string[] {
    return [...this.#byName.keys()];
  }

  buildNamed(name: string): Build | undefined {
    return this.#byName.get(name);
  }

  /** Whether a build of exactly this version is listed; undefined where it belongs to no product. */
  lists(version: Version): boolean | undefined {
    return this.find(version)?.exact;
  }

  /** What is known of a version; undefined where it belongs to no product. */
  find(version: Version): CatalogueEntry | undefined {
    const key = formatVersion(version);
    const known = this.#found.get(key);
    if (known !== undefined || this.#found.has(key)) return known;
    if (this.#found.size >= MAX_REMEMBERED) this.#found.clear();
    const entry = this.#entryOf(version);
    this.#found.set(key, entry);
    return entry;
  }

  #entryOf(version: Version): CatalogueEntry | undefined {
    const product = this.products.find((each) => rangeContains(each.versions, version));
    if (product === undefined) return undefined;
    const lane = product.builds.filter((build) => sameLane(build.version, version, product.laneParts));
    const build = nearestBuild(lane, version);
    const exact = build !== undefined && compareVersions(build.version, version) === 0;
    const newest = lane.at(-1);
    const isNewest = build !== undefined && build === newest;
    const newestReleaseAt = (instant: EpochMillis) =>
      lane.reduce<EpochMillis | undefined>(
        (newest, { released }) =>
          released === undefined || released > instant || (newest !== undefined && newest >= released)
            ? newest
            : released,
        undefined,
      );
    return {
      product,
      exact,
      isNewest,
      newestReleaseAt,
      ...(build === undefined ? {} : { build }),
      ...(newest === undefined ? {} : { newest }),
    };
  }
}

/** Versions whose entries are remembered. */
const MAX_REMEMBERED = 10_000;

/** Servers stamp revisions that lie below those of the first release (8.3.83.0 for 8.3.83.6): they are still that release. */
function nearestBuild(lane: readonly Build[], version: Version): Build | undefined {
  const near = lane.filter((build) => sameLane(build.version, version, 3));
  const candidates = near.length > 0 ? near : lane;
  return candidates.findLast((build) => compareVersions(build.version, version) <= 0) ?? candidates[0];
}

function sameLane(a: Version, b: Version, parts: 2 | 3): boolean {
  return a[0] === b[0] && a[1] === b[1] && (parts === 2 || a[2] === b[2]);
}
