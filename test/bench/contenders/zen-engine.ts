import type { Rule } from '../population.js';
import { wholeDecisions } from './whole-decision.js';

/** Not among the dependencies: it is a native module, whose builds for other systems a lockfile made on one may lack. */
const PACKAGE: string = '@gorules/zen-engine';
const VERSION = '0.54.0';

/** What is used of the package. */
interface ZenPackage {
  readonly ZenEngine: new () => { createDecision(graph: object): ZenDecision };
}

interface ZenDecision {
  evaluate(facts: object): Promise<ZenResponse>;
}

interface ZenResponse {
  readonly result: { readonly policy?: string };
}

/** @gorules/zen-engine: one decision table, first hit, the highest priority first. */
export const ZEN_ENGINE = wholeDecisions('@gorules/zen-engine', async ({ rules }) => {
  const { ZenEngine } = await loadPackage();
  const decision = new ZenEngine().createDecision(graphOf(rules));
  return {
    isAsync: true,
    find: (facts) => decision.evaluate(facts),
    nameOf: (answer) => (answer as ZenResponse).result.policy,
  };
});

async function loadPackage(): Promise<ZenPackage> {
  try {
    return (await import(PACKAGE)) as ZenPackage;
  } catch {
    throw new Error(`not installed: npm install --no-save ${PACKAGE}@${VERSION}`);
  }
}

function graphOf(rules: readonly Rule[]): object {
  const isByNetwork = rules[0]?.network !== undefined;
  return {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 }, content: {} },
      {
        id: 'table',
        name: 'table',
        type: 'decisionTableNode',
        position: { x: 0, y: 0 },
        content: {
          hitPolicy: 'first',
          inputs: [
            { id: 'whom', name: 'whom', field: isByNetwork ? 'address' : 'connector' },
            { id: 'versions', name: 'versions', field: 'version' },
          ],
          outputs: [{ id: 'policy', name: 'policy', field: 'policy' }],
          rules: rules.map(rowOf),
        },
      },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 0, y: 0 }, content: {} },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  };
}

/** Intervals as zen writes them: `[a..b]` with both ends, `[a..b)` without the upper one. */
function rowOf({ name, connector, network, packedVersions: { from, to } }: Rule): object {
  return {
    _id: name,
    whom: network === undefined ? `"${connector}"` : `[${network.first}..${network.last}]`,
    versions: `[${from}..${to})`,
    policy: `"${name}"`,
  };
}
