import type { Finding } from '@sluice/engine/policy/finding.js';
import type { EpochMillis } from '@sluice/engine/policy/instant.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';

/** Asks for all findings of a policy folder. */
export interface AnalysisRequest {
  /** Number of the request. */
  readonly id: number;
  readonly root: string;
  readonly now: EpochMillis;
  /** Paths of all files, in their order. */
  readonly paths: readonly string[];
  /** The files that the worker does not have as they are now. */
  readonly changed: readonly PolicyFile[];
}

/** The answer: the findings of `sluice check`, or why there are none. */
export type AnalysisResponse =
  | { readonly id: number; readonly findings: readonly Finding[] }
  | { readonly id: number; readonly fault: string };
