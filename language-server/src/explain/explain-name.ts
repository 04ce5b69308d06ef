import { INTERNET_CONNECTOR } from '@sluice/engine/decision/connector.js';
import { type DocumentNode, textEntry } from '@sluice/engine/policy/document-node.js';
import type { Finding } from '@sluice/engine/policy/finding.js';
import { readConnectors } from '@sluice/engine/policy/read-connectors.js';
import { Report } from '@sluice/engine/policy/report.js';
import type { Occurrence, SymbolKind } from '../symbols/occurrence.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import { pathAt } from '../text/node-path.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { draftPolicy } from './draft-policy.js';
import { explainConnector } from './explain-connector.js';
import { explainAnchor, explainCondition, explainExemption, explainInvariant } from './explain-entries.js';
import { explainPolicy } from './explain-policy.js';
import { explainStage } from './explain-stage.js';
import { explainBuild, explainProduct } from './explain-versions.js';

/** Where a name is declared, and all that is known of it. */
interface Declared {
  readonly name: string;
  readonly document: PolicyDocument;
  /** The map in which the name stands. */
  readonly node: DocumentNode;
  readonly snapshot: FolderSnapshot;
  readonly findings: readonly Finding[];
}

/**
 * What a name stands for, wherever it stands.
 *
 * @param findings what is known to be wrong in the policy set
 * @returns undefined where nothing of that name is declared
 */
export function explainName(
  occurrence: Occurrence,
  snapshot: FolderSnapshot,
  findings: readonly Finding[],
): string | undefined {
  const { kind, name, scope } = occurrence;
  const own = occurrence.role === 'declaration' ? occurrence : undefined;
  const declaration = own ?? declarationsOf(snapshot, kind, scope).find((each) => each.name === name);
  const document = declaration === undefined ? undefined : snapshot.documentAt(declaration.node.file);
  if (declaration === undefined || document === undefined) return explainUndeclared(occurrence);
  const node = ownerOf(declaration, document);
  return node === undefined ? undefined : EXPLAINERS[kind]({ name, document, node, snapshot, findings });
}

function explainUndeclared({ kind, name }: Occurrence): string | undefined {
  const isBuiltIn = kind === 'connector' && name === INTERNET_CONNECTOR.name;
  return isBuiltIn ? explainConnector(INTERNET_CONNECTOR, undefined) : undefined;
}

type Explainer = (declared: Declared) => string | undefined;

const EXPLAINERS: Readonly<Record<SymbolKind, Explainer>> = {
  policy: ({ document, node, snapshot, findings }) =>
    explainPolicy(document, node, draftPolicy(node, snapshot), snapshot, findings),
  stage: ({ name, document: { root }, snapshot }) =>
    root === undefined ? undefined : explainStage(name, root, draftPolicy(root, snapshot), snapshot),
  connector({ name, document: { root }, node }) {
    const connectors = root === undefined ? [] : readConnectors(root, new Report());
    const connector = connectors.find((each) => each.name === name);
    return connector === undefined ? undefined : explainConnector(connector, textEntry(node, 'description'));
  },
  condition: ({ name, document, node }) => explainCondition(name, document, node),
  exemption: ({ name, document, node, snapshot }) => explainExemption(name, document, node, snapshot.now),
  invariant: ({ name, document, node, findings }) => explainInvariant(name, document, node, findings),
  product({ name, snapshot: { reading, now } }) {
    const product = reading.sound.catalogue.products.find((each) => each.name === name);
    return product === undefined ? undefined : explainProduct(product, now);
  },
  build({ name, snapshot: { reading, now } }) {
    const build = reading.sound.catalogue.buildNamed(name);
    return build === undefined ? undefined : explainBuild(build, reading.sound.catalogue, now);
  },
  anchor: ({ name }) => explainAnchor(name),
};

/** The map in which a name is declared; of an anchor, whatever stands there. */
function ownerOf({ node }: Occurrence, { root }: PolicyDocument): DocumentNode | undefined {
  return root === undefined ? undefined : (pathAt(root, node.range.start)?.steps.at(-1)?.container ?? root);
}
