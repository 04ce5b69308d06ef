import { compileDiagram } from '../decision/diagram/compile-diagram.js';
import { operatorLookup } from '../decision/rules-engine.js';
import type { PolicySet } from '../policy/policy-set.js';

/** Figures of one policy set. */
export interface CheckStatistics {
  readonly files: number;
  /** Time of reading and checking, in milliseconds. */
  readonly checkMillis: number;
  /** Absent where errors leave no policy set to compile. */
  readonly compiled?: CompileStatistics;
}

/** Figures of the decision diagram. */
export interface CompileStatistics {
  readonly policies: number;
  readonly exemptions: number;
  readonly connectors: number;
  readonly builds: number;
  /** What conditions ask for, with the number of cells into which they split its values. */
  readonly variables: readonly { readonly name: string; readonly cells: number }[];
  readonly nodes: number;
  readonly edges: number;
  readonly compileMillis: number;
  /** Roughly what the diagram takes on the heap, in octets; what was made on the way may count where it is not collected yet. */
  readonly heapBytes: number;
}

/** Compiles a policy set to measure it. */
export function measureCompiling(policySet: PolicySet): CompileStatistics {
  const collectGarbage = (globalThis as { readonly gc?: () => void }).gc;
  collectGarbage?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const start = performance.now();
  const diagram = compileDiagram(policySet, operatorLookup());
  const compileMillis = performance.now() - start;
  collectGarbage?.();
  const heapBytes = Math.max(0, process.memoryUsage().heapUsed - heapBefore);
  return {
    policies: policySet.policies.length,
    exemptions: policySet.exemptions.length,
    connectors: policySet.connectors.length,
    builds: policySet.catalogue.products.reduce((sum, { builds }) => sum + builds.length, 0),
    variables: diagram.variables.all.map(({ name, cellCount }) => ({ name, cells: cellCount })),
    ...diagram.size,
    compileMillis: rounded(compileMillis),
    heapBytes,
  };
}

/** Variables that are listed by name. */
const MAX_VARIABLES = 40;

/** Figures for people, below the findings. */
export function formatStatistics(path: string, { files, checkMillis, compiled }: CheckStatistics): string {
  const head = `\n${path}:\n  ${files} files read and checked in ${rounded(checkMillis)} ms\n`;
  if (compiled === undefined) return `${head}  not compiled, because of errors\n`;
  const { policies, exemptions, connectors, builds, variables, nodes, edges, compileMillis, heapBytes } = compiled;
  const lines = variables.slice(0, MAX_VARIABLES).map(({ name, cells }) => `    ${name}: ${cells} cells\n`);
  const more = variables.length > MAX_VARIABLES ? `    and ${variables.length - MAX_VARIABLES} more\n` : '';
  return [
    head,
    `  policies ${policies}, exemptions ${exemptions}, connectors ${connectors}, builds ${builds}\n`,
    `  variables ${variables.length}:\n`,
    ...lines,
    more,
    `  diagram: ${nodes} nodes, ${edges} edges, compiled in ${compileMillis} ms, about ${Math.ceil(heapBytes / 1024)} KiB of heap\n`,
  ].join('');
}

function rounded(millis: number): number {
  return Math.round(millis * 10) / 10;
}
