import type { CompileResult } from './compile-benchmark.js';
import type { DecideResult } from './decide-benchmark.js';
import type { EditorFigures } from './editor-benchmark.js';
import type { PostfixResult } from './postfix-benchmark.js';
import type { ReloadResult } from './reload-benchmark.js';
import type { ReplayResult } from './replay-benchmark.js';
import type { BenchSettings } from './settings.js';

/** The parts of the benchmark. */
export const PARTS = ['decide', 'compile', 'reload', 'postfix', 'replay', 'editor'] as const;
export type Part = (typeof PARTS)[number];

/** What a run measured: the parts that were asked for. */
export interface BenchResults {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly platform: string;
    readonly node: string;
  };
  readonly settings: BenchSettings;
  readonly decide?: DecideResult;
  readonly compile?: readonly CompileResult[];
  readonly reload?: ReloadResult;
  readonly postfix?: PostfixResult;
  readonly replay?: readonly ReplayResult[];
  readonly editor?: readonly EditorFigures[];
}
