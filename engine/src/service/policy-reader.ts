import type { CompiledPolicySet, DecisionSettings } from '../decision/compiled-policy-set.js';
import { PolicySetAssembly } from '../decision/handover/assemble-policy-set.js';
import type { Finding } from '../policy/finding.js';
import { finish } from '../policy/steps.js';
import { hashPolicies, type PolicyQuery, readPolicies } from './read-policies.js';

/** What a reader found in a folder. */
export interface PolicyReading {
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** Absent where the findings do not allow it. */
  readonly compiled?: CompiledPolicySet;
}

/** Reads policy folders for the service. */
export interface PolicyReader {
  /**
   * Reads, checks and compiles a folder.
   *
   * @returns undefined where its contents have the known hash
   * @throws Error where it cannot be read, holds no policy, or the reader failed
   */
  read(query: PolicyQuery, settings: Partial<DecisionSettings>): Promise<PolicyReading | undefined>;
  /**
   * The hash of what stands in a folder now; empty where it cannot be read.
   *
   * @throws Error where the reader failed
   */
  hash(folder: string): Promise<string>;
  /** Ends it; what is under way fails. */
  close(): Promise<void>;
}

/** Reads in the thread that asks, which can do nothing else meanwhile. */
export const inThreadReader: PolicyReader = {
  async read(query, settings) {
    const read = await readPolicies(query);
    if (read === undefined) return undefined;
    const { contentHash, findings, parts } = read;
    if (parts === undefined) return { contentHash, findings };
    const assembly = new PolicySetAssembly();
    for (const part of parts) finish(assembly.add(part));
    return { contentHash, findings, compiled: finish(assembly.finish(settings)) };
  },
  hash: hashPolicies,
  close: () => Promise.resolve(),
};
