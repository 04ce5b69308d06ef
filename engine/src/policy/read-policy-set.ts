import { BuildCatalogue, type Product } from './build-catalogue.js';
import { checkCycles, checkReferences } from './check-references.js';
import { checkShape } from './check-shape.js';
import { checkStages } from './check-stages.js';
import { type DocumentNode, entryOf, itemsOf, textEntry } from './document-node.js';
import { type FileKind, fileKindOf, nearestFileKind } from './file-kind.js';
import { type Finding, sortFindings } from './finding.js';
import type { EpochMillis } from './instant.js';
import type { PolicyFile } from './policy-file.js';
import type { Connector, Exemption, NamedCondition, Policy, PolicySet } from './policy-set.js';
import { checkProducts, readProducts } from './read-builds.js';
import type { ConditionContext } from './read-condition.js';
import { checkConnectors, readConnectors } from './read-connectors.js';
import { readDocument } from './read-document.js';
import { checkExemptions, readExemptions, readNamedConditions } from './read-exemptions.js';
import { readPolicy } from './read-policy.js';
import { Report } from './report.js';
import { revisionOf } from './revision.js';
import type { SourceSpan } from './source.js';

export interface PolicySetResult {
  /** Absent where a finding is an error. */
  readonly policySet?: PolicySet;
  readonly findings: readonly Finding[];
}

interface Document {
  readonly path: string;
  readonly kind: FileKind;
  readonly root: DocumentNode;
}

/**
 * Reads and checks all files of a policy set.
 *
 * @param now the instant by which exemptions have expired or not
 */
export function readPolicySet(files: readonly PolicyFile[], now: EpochMillis): PolicySetResult {
  const report = new Report();
  const documents = readDocuments(files, report);
  const roots = (kind: FileKind) => documents.filter((each) => each.kind === kind).map((each) => each.root);

  const products: Product[] = roots('builds').flatMap((root) => readProducts(root, report));
  checkProducts(products, report);
  const catalogue = new BuildCatalogue(products);
  const context: ConditionContext = { report, builds: catalogue };

  const connectors = unique(
    'connector',
    roots('connectors').flatMap((root) => readConnectors(root, report)),
    report,
  );
  checkConnectors(connectors, report);
  const named = unique(
    'condition',
    roots('conditions').flatMap((root) => readNamedConditions(root, context)),
    report,
  );
  const conditions = new Map(named.map((each) => [each.name, each]));
  checkCycles(conditions, report);
  const exemptions = unique(
    'exemption',
    roots('exemptions').flatMap((root) => readExemptions(root, context)),
    report,
  );
  checkExemptions(exemptions, now, report);
  const policies = unique(
    'policy',
    roots('policy').flatMap((root) => readPolicy(root, context) ?? []),
    report,
  );
  for (const policy of policies) checkStages(policy, report);

  const broken = new Set(roots('conditions').flatMap(declaredNames));
  for (const owner of [...named, ...exemptions, ...policies] as readonly (NamedCondition | Exemption | Policy)[]) {
    checkReferences(owner.when, conditions, broken, connectors, report);
  }

  const findings = sortFindings(report.findings);
  if (findings.some((each) => each.severity === 'error')) return { findings };
  const revision = revisionOf(files.filter((file) => fileKindOf(file.path) !== undefined));
  return { findings, policySet: { revision, policies, connectors, conditions, exemptions, catalogue } };
}

function readDocuments(files: readonly PolicyFile[], report: Report): Document[] {
  const documents: Document[] = [];
  for (const { path, content } of files) {
    const kind = fileKindOf(path);
    if (kind === undefined) {
      const nearest = nearestFileKind(path);
      if (nearest === undefined) continue;
      const message = `The name of this file says nothing to Sluice; it is not read.`;
      report.add('file-kind-unknown', wholeFile(path), message, `Did you mean *.${nearest}.yaml?`);
      continue;
    }
    if ('unreadable' in content) {
      report.add('file-unreadable', wholeFile(path), `The file cannot be read: ${content.unreadable}.`);
      continue;
    }
    const { root, findings } = readDocument(path, content);
    report.findings.push(...findings);
    if (root === undefined) continue;
    if (kind !== 'test') report.findings.push(...checkShape(kind, root));
    documents.push({ path, kind, root });
  }
  return documents;
}

function wholeFile(file: string): SourceSpan {
  return { file, range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } } };
}

function declaredNames(root: DocumentNode): readonly string[] {
  return itemsOf(entryOf(root, 'conditions')).flatMap((node) => textEntry(node, 'name') ?? []);
}

/** Keeps the first of each name; the others are reported. */
function unique<T extends Policy | Connector | NamedCondition | Exemption>(
  what: string,
  items: readonly T[],
  report: Report,
): T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(item.name);
    if (first === undefined) {
      seen.set(item.name, item);
      continue;
    }
    const { file, range } = first.source;
    const hint = `The other one stands at ${file}:${range.start.line}.`;
    report.add('name-duplicate', item.source, `Two of kind ${what} are named ${item.name}.`, hint);
  }
  return [...seen.values()];
}
