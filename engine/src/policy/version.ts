/** A product version of four numeric parts; parts that were not written are 0. */
export type Version = readonly [major: number, minor: number, build: number, revision: number] & {
  readonly [versionBrand]: true;
};
declare const versionBrand: unique symbol;

/** Highest value of one part of a version: nine digits, far beyond any product's numbering. */
export const MAX_VERSION_PART = 999_999_999;

/** Makes a version of up to four parts; each is a whole number from 0 to {@link MAX_VERSION_PART}. */
export function version(major: number, minor = 0, build = 0, revision = 0): Version {
  return [major, minor, build, revision] as unknown as Version;
}

/**
 * Reads `8`, `15.1`, `15.1.2507` or `15.01.2507.039`: one to four numeric parts, zero-padded or not.
 *
 * @returns undefined where the text is no version
 */
export function parseVersion(text: string): Version | undefined {
  const parts = [0, 0, 0, 0];
  let part = 0;
  let digits = 0;
  // Records keep versions as text, and every decision reads them: a scan takes a third of the time of an expression.
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit >= 0 && digit <= 9 && digits < MAX_DIGITS) {
      parts[part] = (parts[part] as number) * 10 + digit;
      digits++;
    } else if (text[index] === '.' && digits > 0 && part < 3) {
      part++;
      digits = 0;
    } else return undefined;
  }
  return digits > 0 ? (parts as unknown as Version) : undefined;
}

const MAX_DIGITS = 9;

/** The short spelling, without zero padding: `15.1.2507.39`. */
export function formatVersion(value: Version): string {
  return value.join('.');
}

/** Compares part by part as integers; below 0 where `a` is the older. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** The lane of a version: its first three parts, which security updates share with their cumulative update. */
export function laneOf(value: Version): string {
  return `${value[0]}.${value[1]}.${value[2]}`;
}

/** The next version above, or undefined above the highest. */
export function successorOf(value: Version, parts: 1 | 2 | 3 | 4 = 4): Version | undefined {
  for (let part = parts; part >= 1; part--) {
    if ((value[part - 1] ?? 0) >= MAX_VERSION_PART) continue;
    const next = [0, 0, 0, 0].map((_, index) => (index < part ? (value[index] ?? 0) : 0));
    next[part - 1] = (next[part - 1] ?? 0) + 1;
    return version(next[0] ?? 0, next[1], next[2], next[3]);
  }
  return undefined;
}
