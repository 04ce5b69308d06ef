import { BuildCatalogue, type Product } from './build-catalogue.js';
import { checkReferences } from './check-references.js';
import { checkExtents, orderConditions } from './check-shared-conditions.js';
import { checkStages } from './check-stages.js';
import { checkTestConnectors, checkTestNames, type TestedNames } from './check-test-names.js';
import { DocumentCache } from './document-cache.js';
import { type DocumentNode, entryOf, itemsOf, textEntry, textOf } from './document-node.js';
import { type FileKind, fileKindOf, nearestFileName } from './file-kind.js';
import { type Finding, type FindingCode, relatedTo, SEVERITIES, sortFindings } from './finding.js';
import type { EpochMillis } from './instant.js';
import type { PolicyFile } from './policy-file.js';
import type { PolicySet } from './policy-set.js';
import type { PolicyTest } from './policy-test.js';
import { checkProducts, readProducts } from './read-builds.js';
import type { ConditionContext } from './read-condition.js';
import { checkConnectors, readConnectors } from './read-connectors.js';
import { readExemptions, readNamedConditions } from './read-exemptions.js';
import { checkInvariantNames, readInvariants } from './read-invariants.js';
import { readPolicy } from './read-policy.js';
import { readTests } from './read-tests.js';
import { Report } from './report.js';
import { revisionOf } from './revision.js';
import { soundPart } from './sound-part.js';
import type { SourceSpan } from './source.js';

/** Most findings of one file that a check tells. */
export const MAX_FINDINGS_PER_FILE = 200;

export interface PolicySetResult {
  /** Absent where a finding is an error. */
  readonly policySet?: PolicySet;
  /** The tests of the set, those without errors. */
  readonly tests: readonly PolicyTest[];
  readonly findings: readonly Finding[];
}

/** What reading gives: beside the result, what further checks can rely on although there are errors. */
export interface ReadPolicySet extends PolicySetResult {
  /** Without what has an error or hangs on something that has one; for checks, never for deciding. */
  readonly sound: PolicySet;
}

interface Document {
  readonly path: string;
  readonly kind: FileKind;
  readonly root: DocumentNode;
}

/**
 * Reads and checks all files of a policy set. Of one file, at most {@link MAX_FINDINGS_PER_FILE} findings are told.
 *
 * @param now the instant by which exemptions have expired or not
 * @param cache documents of an earlier reading, which are not read again where their files are the same
 */
export function readPolicySet(
  files: readonly PolicyFile[],
  now: EpochMillis,
  cache: DocumentCache = new DocumentCache(),
): ReadPolicySet {
  const report = new Report();
  const documents = readDocuments(files, report, cache);
  const roots = (kind: FileKind) => documents.filter((each) => each.kind === kind).map((each) => each.root);

  const readCatalogue = () => recorded((own) => catalogueOf(roots('builds'), own.report), NO_BUILDS);
  const read = cache.made('', 'catalogue', roots('builds'), readCatalogue);
  const catalogue = read.value;
  const context: ConditionContext = { report, builds: catalogue, mentions: [] };
  replay(read, context);

  const connectors = firstOfEachName(roots('connectors').flatMap((root) => readConnectors(root, report)));
  checkConnectors(connectors, report);
  const named = firstOfEachName(roots('conditions').flatMap((root) => readNamedConditions(root, context)));
  const conditions = new Map(named.map((each) => [each.name, each]));
  const exemptions = firstOfEachName(roots('exemptions').flatMap((root) => readExemptions(root, context, now)));
  const policies = firstOfEachName(
    roots('policy').flatMap((root) => {
      const readNow = () => recorded((own) => readPolicy(root, own), catalogue);
      return replay(cache.made(root.file, 'policy', [root, catalogue], readNow), context) ?? [];
    }),
  );
  const invariants = firstOfEachName(roots('invariants').flatMap((root) => readInvariants(root, context)));
  reportSameNames('policies', roots('policy'), report);
  for (const kind of ['connectors', 'conditions', 'exemptions', 'invariants'] as const) {
    const items = roots(kind).flatMap((root) => itemsOf(entryOf(root, kind)));
    reportSameNames(kind, items, report);
  }

  const ordered = orderConditions(conditions, report);
  const guarded = invariants.flatMap(({ statement }) => (statement.kind === 'protected' ? [statement] : []));
  checkExtents(ordered, [...exemptions, ...policies, ...guarded], conditions, report);
  const declaredIn = (kind: FileKind, list: string) => roots(kind).flatMap((root) => declaredNames(root, list));
  const connectorNames = declaredIn('connectors', 'connectors');
  const mentioned = { condition: declaredIn('conditions', 'conditions'), connector: connectorNames };
  checkReferences(context.mentions, mentioned, report);

  const unread = unreadKinds(files, documents);
  const declared = {
    policies: unread.has('policy') ? undefined : roots('policy').flatMap((root) => textEntry(root, 'name') ?? []),
    products: unread.has('builds') ? undefined : declaredIn('builds', 'products'),
    connectors: connectorNames,
  };
  for (const root of roots('invariants')) checkInvariantNames(root, declared, report);
  const stagesOf = (root: DocumentNode) =>
    itemsOf(entryOf(root, 'stages')).flatMap((each) => textEntry(each, 'name') ?? []);
  const policyStages = roots('policy').map((root) => [textEntry(root, 'name') ?? '', stagesOf(root)] as const);
  const tested: TestedNames = {
    policies: unread.has('policy') ? undefined : new Map(policyStages),
    exemptions: unread.has('exemptions') ? undefined : declaredIn('exemptions', 'exemptions'),
    connectors: unread.has('connectors') ? undefined : connectorNames,
  };
  const tests = roots('test').flatMap((root) => {
    const readNow = () => recorded((own) => readTests(root, own.report), NO_BUILDS);
    const ofFile = replay(cache.made(root.file, 'tests', [root], readNow), context);
    reportSameNames('tests of this file', itemsOf(entryOf(root, 'tests')), report);
    checkTestConnectors(root, tested, report);
    checkTestNames(ofFile, tested, report);
    return ofFile;
  });
  const errors = report.findings.filter(({ code, severity }) => severity === 'error' && !isFollowUp(code, unread));
  const revision = revisionOf(files.filter((file) => fileKindOf(file.path) !== undefined));
  const policySet = { revision, policies, connectors, conditions, exemptions, invariants, catalogue };
  const sound = soundPart(policySet, ordered, errors);
  for (const policy of sound.policies) {
    const check = () => recorded((own) => checkStages(policy, own.report), catalogue);
    replay(cache.made(policy.source.file, 'stages', [policy], check), context);
  }

  const findings = fewPerFile(sortFindings(report.findings.filter(({ code }) => !isFollowUp(code, unread))));
  return errors.length > 0 ? { findings, sound, tests } : { findings, sound, tests, policySet };
}

const NO_BUILDS = new BuildCatalogue([]);

function catalogueOf(roots: readonly DocumentNode[], report: Report): BuildCatalogue {
  const products: Product[] = roots.flatMap((root) => readProducts(root, report));
  checkProducts(products, report);
  return new BuildCatalogue(products);
}

/** What reading a part gave, with what it told meanwhile, so that the part need not be read again. */
interface Recorded<T> {
  readonly value: T;
  readonly context: ConditionContext;
}

function recorded<T>(read: (context: ConditionContext) => T, builds: BuildCatalogue): Recorded<T> {
  const context: ConditionContext = { report: new Report(), builds, mentions: [] };
  return { value: read(context), context };
}

function replay<T>({ value, context }: Recorded<T>, { report, mentions }: ConditionContext): T {
  report.findings.push(...context.report.findings);
  mentions.push(...context.mentions);
  return value;
}

/** Kinds of which a file could not be read, so that names which it declares are not known. */
function unreadKinds(files: readonly PolicyFile[], documents: readonly Document[]): ReadonlySet<FileKind | undefined> {
  const read = new Set(documents.map(({ path }) => path));
  return new Set(files.filter(({ path }) => !read.has(path)).map(({ path }) => fileKindOf(path)));
}

const DECLARED_IN: Partial<Record<FindingCode, FileKind>> = {
  'condition-unknown': 'conditions',
  'connector-unknown': 'connectors',
  'build-unknown': 'builds',
  'build-unlisted': 'builds',
};

/** Whether a name is unknown only because the file that may declare it could not be read. */
function isFollowUp(code: FindingCode, unread: ReadonlySet<FileKind | undefined>): boolean {
  const kind = DECLARED_IN[code];
  return kind !== undefined && unread.has(kind);
}

/** Keeps the first findings of each file, the worst before others, in their order. */
export function fewPerFile(findings: readonly Finding[]): Finding[] {
  const kept = new Set<Finding>();
  const counts = new Map<string, number>();
  for (const severity of SEVERITIES) {
    for (const each of findings) {
      const count = counts.get(each.file) ?? 0;
      if (each.severity !== severity || count >= MAX_FINDINGS_PER_FILE) continue;
      counts.set(each.file, count + 1);
      kept.add(each);
    }
  }
  return findings.filter((each) => kept.has(each));
}

function readDocuments(files: readonly PolicyFile[], report: Report, cache: DocumentCache): Document[] {
  const documents: Document[] = [];
  for (const { path, content } of files) {
    const kind = fileKindOf(path);
    if (kind === undefined) {
      const proposed = nearestFileName(path);
      if (proposed === undefined) continue;
      const message = 'The name of this file does not say what it holds, so it is not read.';
      report.add('file-kind-unknown', wholeFile(path), message, `Did you mean ${proposed}?`);
      continue;
    }
    if ('unreadable' in content) {
      const message = `The file cannot be read: ${content.unreadable}.`;
      report.add('file-unreadable', wholeFile(path), message, UNREADABLE_HINT);
      continue;
    }
    const { root, findings } = cache.read(path, kind, content);
    report.findings.push(...findings);
    if (root !== undefined) documents.push({ path, kind, root });
  }
  cache.retain(files.map(({ path }) => path));
  return documents;
}

const UNREADABLE_HINT =
  'Give the user that runs Sluice the right to read it; or remove it, if it is a link that leads nowhere.';

function wholeFile(file: string): SourceSpan {
  return { file, range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } } };
}

/** The names of a file's items, those with errors included. */
function declaredNames(root: DocumentNode, list: string): readonly string[] {
  return itemsOf(entryOf(root, list)).flatMap((node) => textEntry(node, 'name') ?? []);
}

/** Of items of one name the first one counts; the others are reported by {@link reportSameNames}. */
function firstOfEachName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const item of items) if (!byName.has(item.name)) byName.set(item.name, item);
  return [...byName.values()];
}

function reportSameNames(what: string, nodes: readonly DocumentNode[], report: Report): void {
  const seen = new Map<string, DocumentNode>();
  for (const node of nodes) {
    const nameNode = entryOf(node, 'name');
    const name = textOf(nameNode);
    if (nameNode === undefined || name === undefined) continue;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, nameNode);
      continue;
    }
    const hint = `Give each a name of its own; the other one stands at ${first.file}:${first.range.start.line}.`;
    const related = relatedTo(first, `The other one named ${name}.`);
    report.add('name-duplicate', nameNode, `Two ${what} are named ${name}.`, hint, related);
  }
}
