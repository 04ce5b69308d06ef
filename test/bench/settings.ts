/** How much is measured. */
export interface BenchSettings {
  readonly name: 'short' | 'full';
  /** Interleaved rounds; figures are their medians. */
  readonly rounds: number;
  /** Sizes of the policy sets. */
  readonly sizes: readonly number[];
  /** Time that a contender decides for in a round. */
  readonly windowMillis: number;
  /** Time that latencies of a contender are sampled for. */
  readonly latencyMillis: number;
  /** A contender that takes longer for one decision is left out. */
  readonly slowestDecisionMillis: number;
  /** Sizes of the policy sets that are read from text; reading and checking many takes long. */
  readonly readSizes: readonly number[];
  /** Files of the policy set that is reloaded. */
  readonly reloadFiles: number;
  readonly reloads: number;
  /** Time that the idle process is watched for. */
  readonly idleMillis: number;
  /** Time that a gateway is asked for in a round. */
  readonly requestMillis: number;
  readonly connections: readonly number[];
  /** Size of the logs that are replayed. */
  readonly logOctets: number;
  /** Policies in the workspace of the language servers. */
  readonly editorPolicies: readonly number[];
}

const SIZES = [10, 100, 1000, 10_000];

/** Under three minutes on an idle machine; good for comparing two states of the code. */
export const SHORT: BenchSettings = {
  name: 'short',
  rounds: 5,
  sizes: SIZES,
  windowMillis: 40,
  latencyMillis: 40,
  slowestDecisionMillis: 2000,
  readSizes: [10, 100],
  reloadFiles: 500,
  reloads: 5,
  idleMillis: 500,
  requestMillis: 300,
  connections: [1, 10, 100],
  logOctets: 256 * 2 ** 20,
  editorPolicies: [1, 100, 1000],
};

/** For publishing. */
export const FULL: BenchSettings = {
  ...SHORT,
  name: 'full',
  rounds: 9,
  windowMillis: 250,
  latencyMillis: 500,
  readSizes: SIZES,
  reloadFiles: 10_000,
  idleMillis: 5000,
  requestMillis: 2000,
  logOctets: 2 ** 30,
};
