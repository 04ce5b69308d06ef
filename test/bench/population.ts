import type { EpochMillis, Facts, ServerRecord, Version } from '@sluice/engine';

/**
 * The populations by name. In `laned` and `hard`, connector and version follow from the address and the record, as for the
 * gateways of mail servers; `told` is `laned` where the facts name both, as a client of the HTTP gateway can.
 */
export const POPULATION_NAMES = ['laned', 'told', 'hard'] as const;
export type PopulationName = (typeof POPULATION_NAMES)[number];

/** What one policy asks for. Both limits of versions and addresses are given as numbers too, for libraries that know no others. */
export interface Rule {
  readonly name: string;
  /** The highest decides. */
  readonly priority: number;
  /** The connector that it is for; absent where it asks for a network. */
  readonly connector?: string;
  /** Half-open. */
  readonly versions: { readonly from: Version; readonly to: Version };
  readonly packedVersions: { readonly from: number; readonly to: number };
  /** IPv4, both ends included. */
  readonly network?: { readonly text: string; readonly first: number; readonly last: number };
}

/** Facts in the simplest form, for libraries that know no versions and no addresses. */
export interface PlainFacts {
  readonly connector: string;
  /** Packed by {@link packVersion}. */
  readonly version: number;
  /** IPv4, as a number. */
  readonly address: number;
}

/** One question: what Sluice gets, and the same in plain form. */
export interface Case {
  readonly facts: Facts;
  readonly record: ServerRecord;
  readonly now: EpochMillis;
  readonly plain: PlainFacts;
}

/** Policies and questions that are the same for every contender. */
export interface Population {
  readonly name: PopulationName;
  /** The highest priority first. */
  readonly rules: readonly Rule[];
  readonly connectors: readonly { readonly name: string; readonly network: string }[];
  readonly cases: readonly Case[];
}

/** Questions of a population; more than fit a processor's nearest cache. */
export const CASE_COUNT = 4096;

/** A version as one number of the same order; parts beyond 99,999 do not occur here. */
export function packVersion([major, minor, build, revision]: Version): number {
  const [, forMinor, forBuild, forRevision] = PART_FACTORS;
  return ((major * forMinor + minor) * forBuild + build) * forRevision + revision;
}

/** What the parts before are multiplied by when a part of a version is packed. */
export const PART_FACTORS = [1, 1000, 100_000, 10_000] as const;

/** An IPv4 address as text. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
