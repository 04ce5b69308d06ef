import type { Case, Population } from './population.js';

/** One way to decide, made ready for one population. */
export interface ReadyContender {
  /**
   * Answers one case. A promise where the library gives one; then the next case is asked once it is fulfilled.
   * What it returns is all that the library gives, so that nothing is optimised away.
   */
  readonly ask: (each: Case) => unknown;
  readonly isAsync: boolean;
  /** The name of the deciding policy in an answer; undefined where none matches. */
  readonly nameOf: (answer: unknown) => string | undefined;
  /** Asks a library for the deciding policy alone, from facts made before; absent for contenders that are no library. */
  readonly findOnly?: (each: Case) => unknown;
}

/** One way to decide. */
export interface Contender {
  readonly name: ContenderName;
  /** Makes it ready; throws where the library cannot express the population. */
  readonly prepare: (population: Population) => ReadyContender | Promise<ReadyContender>;
}

/** Names, as tables show them. */
export const CONTENDER_NAMES = [
  'sluice',
  'hand-written index',
  'linear walk',
  'json-rules-engine',
  'json-logic-js',
  '@gorules/zen-engine',
  '@cedar-policy/cedar-wasm',
  'casbin',
  '@marcbachmann/cel-js',
] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];
