import { parseOperator, valueListDepth } from '@sluice/engine/policy/decorator.js';
import { entryOf, itemsOf, type MapNode, plainValue, textEntry } from '@sluice/engine/policy/document-node.js';
import { durationMillis, formatDuration, parseDuration } from '@sluice/engine/policy/duration.js';
import { factNamed } from '@sluice/engine/policy/fact.js';
import { type PlainOperand, readOperand } from '@sluice/engine/policy/operand.js';
import { operatorNamed, operatorsFor } from '@sluice/engine/policy/operator.js';
import { formatVersion, parseVersion, successorOf } from '@sluice/engine/policy/version.js';
import { uniqueName } from '../edits/unique-name.js';
import type { Written, WrittenMap } from '../edits/written.js';
import type { SymbolKind } from '../symbols/occurrence.js';
import { declarationsOf } from '../symbols/symbol-index.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { yearAfter } from './exemption-end.js';
import { sampleOperand } from './sample-operand.js';

/** A map of a document in which a key is missing. */
interface Incomplete extends DocumentInSet {
  readonly map: MapNode;
  /** The keys and indices that lead to the map. */
  readonly keys: readonly (string | number)[];
}

type Default = Written | ((at: Incomplete) => Written | undefined);

const OUT_OF_SUPPORT: WrittenMap = { all: [{ fact: 'server.supported', operator: 'equal', value: false }] };
const ONE_SERVER: WrittenMap = { all: [{ fact: 'client.name', operator: 'equal', value: 'server.example.org' }] };
const INTERNET: WrittenMap = { name: 'internet', type: 'Internet' };
const NINETY_DAYS = '90d';
/** In milliseconds. */
const MONTH = 30 * 86_400_000;

/** What a required key has to begin with, by the keys that lead to its map; `*` is any item of a list. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, Default>>>> = {
  policy: {
    name: nameOfFile,
    mode: 'report',
    priority: freePriority,
    when: OUT_OF_SUPPORT,
    stages: [{ name: 'report', after: '0d' }],
  },
  'policy/stages/*': { name: stageName, after: stageStart },
  'policy/thresholds/*': { refusals: 1000, within: '24h', advanceTo: lastStage },
  'policy/remediation': { relapse: 'restart' },
  'policy/remediation/relapse': { resume: { within: NINETY_DAYS } },
  'policy/remediation/relapse/resume': { within: NINETY_DAYS },
  connectors: { connectors: [INTERNET] },
  'connectors/connectors/*': { name: named('connector'), type: connectorType },
  conditions: { conditions: [{ name: 'out-of-support', when: OUT_OF_SUPPORT }] },
  'conditions/conditions/*': { name: named('condition'), when: OUT_OF_SUPPORT },
  exemptions: { exemptions: exemptions },
  'exemptions/exemptions/*': {
    name: named('exemption'),
    whom: ONE_SERVER,
    reason: 'Say why.',
    grantedBy: 'Say who.',
    until: ({ snapshot }) => yearAfter(snapshot.now),
  },
  invariants: { invariants: [{ name: 'gentle', ladder: { severityNeverFalls: true } }] },
  'invariants/invariants/*': { name: named('invariant') },
  'invariants/invariants/*/covered': { connectors: ['internet'] },
  builds: { products: [{ name: 'Product', versions: '1.x', builds: [] }] },
  'builds/products/*': { name: 'Product', versions: versionsOfBuilds, builds: [] },
  'builds/products/*/builds/*': { name: buildName, version: buildVersion },
};

/** A value for a required key that is missing or empty, to begin with; undefined where nothing is likely. */
export function defaultValue(at: Incomplete, key: string): Written | undefined {
  if (key === 'operator') return operatorFor(at);
  if (key === 'value') return operandFor(at);
  const pattern = [at.document.kind, ...at.keys.map((each) => (typeof each === 'number' ? '*' : each))].join('/');
  const value = DEFAULTS[pattern]?.[key];
  return typeof value === 'function' ? value(at) : value;
}

function operatorFor({ map, snapshot }: Incomplete): string | undefined {
  const fact = factNamed(textEntry(map, 'fact') ?? '');
  const value = entryOf(map, 'value');
  if (fact === undefined) return undefined;
  const names = operatorsFor(fact.type);
  const plain = value === undefined ? undefined : (plainValue(value) as PlainOperand);
  const fitting = names.find((name) => {
    const kind = operatorNamed(name)?.fits[fact.type];
    return (
      kind !== undefined && plain !== undefined && readOperand(kind, fact, plain, snapshot.reading.sound.catalogue).ok
    );
  });
  return fitting ?? names[0];
}

function operandFor({ map, snapshot }: Incomplete): Written | undefined {
  const fact = factNamed(textEntry(map, 'fact') ?? '');
  if (fact === undefined) return undefined;
  const decorated = parseOperator(textEntry(map, 'operator') ?? operatorsFor(fact.type)[0] ?? '');
  if ('code' in decorated) return undefined;
  const kind = decorated.operator.fits[fact.type];
  if (kind === undefined) return undefined;
  let value = sampleOperand(kind, fact, snapshot);
  for (let depth = valueListDepth(decorated); depth > 0; depth--) value = [value];
  return value;
}

function named(kind: SymbolKind): (at: Incomplete) => string {
  return ({ snapshot }) => uniqueName(kind, namesOf(snapshot, kind));
}

function namesOf(snapshot: DocumentInSet['snapshot'], kind: SymbolKind, scope?: string): string[] {
  return declarationsOf(snapshot, kind, scope).map(({ name }) => name);
}

function nameOfFile({ document, snapshot }: Incomplete): string {
  const base = document.path.replace(/^.*\//, '').replace(/\.[a-z]+\.[a-z]+$/i, '');
  return uniqueName(base, namesOf(snapshot, 'policy'));
}

/** One that no other policy has, so that none conflicts with it. */
function freePriority({ snapshot }: Incomplete): number {
  const taken = new Set(snapshot.reading.sound.policies.map(({ priority }) => priority));
  let priority = 100;
  while (taken.has(priority)) priority += 10;
  return priority;
}

function stageName({ document, snapshot, map }: Incomplete): string {
  const isFirst = itemsOf(entryOf(document.root, 'stages'))[0] === map;
  return uniqueName(isFirst ? 'report' : 'stage', namesOf(snapshot, 'stage', document.path));
}

/** 30 days after the stage before, but not after the next one. */
function stageStart({ document, map }: Incomplete): string {
  const stages = itemsOf(entryOf(document.root, 'stages'));
  const index = stages.indexOf(map);
  const [before, next] = [stages[index - 1], stages[index + 1]].map((each) =>
    parseDuration(textEntry(each, 'after') ?? ''),
  );
  if (before === undefined) return '0d';
  const month = durationMillis(before + MONTH);
  return formatDuration(next === undefined || month <= next ? month : next);
}

function lastStage({ document }: Incomplete): string | undefined {
  return textEntry(itemsOf(entryOf(document.root, 'stages')).at(-1), 'name');
}

function connectorType({ map }: Incomplete): string {
  return entryOf(map, 'match') === undefined ? 'Internet' : 'OnPremises';
}

function exemptions({ snapshot }: Incomplete): Written {
  const until = yearAfter(snapshot.now);
  return [{ name: 'exemption', whom: ONE_SERVER, reason: 'Say why.', grantedBy: 'Say who.', until }];
}

function buildName({ snapshot }: Incomplete): string {
  const taken = new Set(namesOf(snapshot, 'build'));
  let number = 1;
  while (taken.has(`Build ${number}`)) number++;
  return `Build ${number}`;
}

/** The next version after the newest one of the product. */
function buildVersion({ document, keys, snapshot }: Incomplete): string | undefined {
  const products = itemsOf(entryOf(document.root, 'products'));
  const name = textEntry(products[Number(keys[1])], 'name');
  const product = snapshot.reading.sound.catalogue.products.find((each) => each.name === name);
  const newest = product?.builds.at(-1)?.version;
  const next = newest === undefined ? product?.versions.intervals[0]?.from : successorOf(newest);
  return next === undefined ? undefined : formatVersion(next);
}

/** All versions that begin like those of its builds. */
function versionsOfBuilds({ map }: Incomplete): string {
  const majors = itemsOf(entryOf(map, 'builds')).flatMap(
    (each) => parseVersion(textEntry(each, 'version') ?? '')?.[0] ?? [],
  );
  return majors.length === 0 ? '1.x' : [...new Set(majors)].map((major) => `${major}.x`).join(' || ');
}
