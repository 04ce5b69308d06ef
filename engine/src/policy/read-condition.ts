import { comparedType, type DecoratedOperator, parseOperator, valueListDepth } from './decorator.js';
import { didYouMean, nearestWord } from './did-you-mean.js';
import {
  type DocumentNode,
  entryOf,
  itemsOf,
  type MapNode,
  plainValue,
  type ScalarNode,
  textEntry,
  textOf,
} from './document-node.js';
import { FACTS, type FactDefinition, factNamed } from './fact.js';
import { fixed } from './finding.js';
import { likeOperator } from './nearest-operator.js';
import {
  type BuildNames,
  type Operand,
  type OperandKind,
  type OperandProblem,
  type OperandResult,
  type PlainOperand,
  readList,
  readOperand,
} from './operand.js';
import { EXISTS, type OperatorDefinition, operatorsFor } from './operator.js';
import { otherReadings } from './other-readings.js';
import type { Comparison, Condition } from './policy-set.js';
import type { Report } from './report.js';
import { rewriteScalar } from './rewrite-scalar.js';
import { spanOf } from './source.js';
import { unquotedVersionHint } from './unquoted-version.js';
import { parseVersion } from './version.js';
import type { VersionRange } from './version-range.js';

/** What reading a condition asks of the catalogue, and what it finds. */
export interface ConditionContext {
  readonly report: Report;
  readonly builds: BuildNames;
  /** Names of other things that conditions mention; whether these exist is known once all files are read. */
  readonly mentions: Mention[];
}

/** A place where a condition mentions something by its name. */
export interface Mention {
  readonly kind: 'condition' | 'connector';
  readonly name: string;
  readonly node: ScalarNode;
}

const KINDS = ['all', 'any', 'not', 'condition', 'fact'] as const;

/**
 * Reads the condition of a policy, an exemption or a shared condition. json-rules-engine takes no bare comparison there.
 *
 * @returns undefined where it cannot be read; what is wrong is reported, by this or by the check of the shape
 */
export function readRootCondition(node: DocumentNode | undefined, context: ConditionContext): Condition | undefined {
  if (node === undefined) return undefined;
  const isLeaf =
    entryOf(node, 'fact') !== undefined && KINDS.every((kind) => kind === 'fact' || entryOf(node, kind) === undefined);
  if (isLeaf) {
    const message = 'A comparison cannot stand alone here; all, any, not or condition was expected.';
    context.report.add('condition-shape', node, message, 'Put it into a list: all: [ … ].');
  }
  return readCondition(node, context);
}

function readCondition(node: DocumentNode, context: ConditionContext): Condition | undefined {
  if (node.kind !== 'map') return undefined;
  const kinds = KINDS.filter((kind) => node.entries.has(kind));
  const [kind] = kinds;
  const stray = kind !== 'fact' ? ['operator', 'value'].find((key) => node.entries.has(key)) : undefined;
  if (kind === undefined || kinds.length > 1 || stray !== undefined) {
    if (kind === undefined && stray !== undefined) return undefined;
    const found =
      kind === undefined ? 'none of them' : [...kinds, ...(stray === undefined ? [] : [stray])].join(' and ');
    const message = `Exactly one of all, any, not, condition or fact was expected in a condition, not ${found}.`;
    const second = node.entries.get(kinds[1] ?? stray ?? '')?.keySpan ?? node;
    context.report.add('condition-shape', second, message, 'Nest them: all: [ { any: … }, … ].');
    return undefined;
  }
  const value = entryOf(node, kind);
  if (value === undefined) return undefined;
  if (kind === 'fact') return readComparison(node, context);
  if (kind === 'condition') {
    const name = textOf(value);
    if (value.kind !== 'scalar' || name === undefined) return undefined;
    context.mentions.push({ kind, name, node: value });
    return { kind: 'reference', name, source: spanOf(value) };
  }
  if (kind === 'not') {
    const condition = readCondition(value, context);
    return condition === undefined ? undefined : { kind, condition, source: spanOf(node) };
  }
  const conditions = itemsOf(value).map((item) => readCondition(item, context));
  const read = conditions.filter((each) => each !== undefined);
  return read.length === conditions.length && read.length > 0
    ? { kind, conditions: read, source: spanOf(node) }
    : undefined;
}

function readComparison(node: MapNode, context: ConditionContext): Comparison | undefined {
  const fact = factNamed(textEntry(node, 'fact') ?? '');
  const operatorNode = entryOf(node, 'operator');
  const operatorText = textOf(operatorNode);
  const valueNode = entryOf(node, 'value');
  if (operatorNode === undefined || operatorText === undefined) return undefined;
  const decorated = parseOperator(operatorText);
  if ('code' in decorated) {
    const { code, message, word, candidates } = decorated;
    const isDecorator = operatorText.indexOf(word) + word.length < operatorText.length;
    const fitting = fact === undefined || isDecorator ? candidates : operatorsFor(fact.type);
    const known = code === 'operator-unknown' ? fitting : candidates;
    const nearest = code === 'operator-unknown' ? nearestWord(word, known) : undefined;
    const hint =
      didYouMean(word, nearest === undefined ? candidates : known) ??
      (known.length > 0 ? `One of: ${known.join(', ')}.` : undefined);
    const at = { offset: operatorText.indexOf(word), length: word.length };
    context.report.addAt(operatorNode, { code, message, hint, ...at, replacement: nearest });
    return undefined;
  }
  if (fact === undefined || valueNode === undefined) return undefined;
  if (fact.name === 'connector.name') mentionConnectors(decorated, valueNode, context);
  const kind = operandKind(decorated, fact, operatorNode, valueNode, context);
  if (kind === undefined) return undefined;
  const operand = readRightSide(decorated, kind, fact, valueNode, context);
  if (operand === undefined) return undefined;
  return { kind: 'comparison', fact: fact.name, operator: operatorText, operand, source: spanOf(node) };
}

const OF_NAMES: ReadonlySet<string> = new Set(['equal', 'notEqual', 'in', 'notIn']);

function mentionConnectors({ operator }: DecoratedOperator, node: DocumentNode, context: ConditionContext): void {
  if (!OF_NAMES.has(operator.name)) return;
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    context.mentions.push({ kind: 'connector', name: node.value, node });
  }
  for (const item of itemsOf(node)) mentionConnectors({ decorators: [], operator }, item, context);
}

function operandKind(
  decorated: DecoratedOperator,
  fact: FactDefinition,
  node: DocumentNode,
  valueNode: DocumentNode,
  { report, builds }: ConditionContext,
): OperandKind | undefined {
  const compared = comparedType(decorated, fact.type);
  if (compared === 'no list') {
    report.add('operator-misfit', node, `${fact.name} is no list of lists, as this operator needs.`, fitting(fact));
    return undefined;
  }
  const kind = decorated.operator.fits[compared];
  if (kind === undefined) {
    const message = `${decorated.operator.name} does not fit ${fact.name}, which is of type ${fact.type}.`;
    const plain = plainValue(valueNode) as PlainOperand;
    const takes = (other: OperandKind) => valueNode.kind !== 'map' && readOperand(other, fact, plain, builds).ok;
    const like = likeOperator(decorated, fact, takes);
    const details = like === undefined ? {} : fixed(rewriteScalar(node, like));
    report.add('operator-misfit', node, message, fitting(fact), details);
  }
  return kind;
}

function fitting(fact: FactDefinition): string {
  return `For ${fact.name}: ${operatorsFor(fact.type).join(', ')}.`;
}

function readRightSide(
  decorated: DecoratedOperator,
  kind: OperandKind,
  fact: FactDefinition,
  node: DocumentNode,
  context: ConditionContext,
): Comparison['operand'] | undefined {
  if (node.kind === 'map') return readFactReference(decorated, kind, fact, node, context.report);
  const read = (plain: PlainOperand) => readWrapped(valueListDepth(decorated), kind, fact, plain, context.builds);
  const result = read(plainValue(node) as PlainOperand);
  if (!result.ok) {
    reportOperand(node, result.problem, (plain) => read(plain).ok, context.report);
    return undefined;
  }
  if (kind === 'version-range') warnOfUnlistedBuilds(result.operand, node, context);
  return { value: result.operand };
}

function reportOperand(
  node: DocumentNode,
  { path, ...problem }: OperandProblem,
  isRight: (plain: PlainOperand) => boolean,
  report: Report,
): void {
  const at = path.reduce<DocumentNode>((list, index) => itemsOf(list)[index] ?? list, node);
  const isUnquoted = problem.code === 'version-unquoted' && at.kind === 'scalar';
  const hint = isUnquoted ? unquotedVersionHint(at.raw) : problem.hint;
  const fix = at.kind === 'scalar' ? otherReadings(node, at).find(({ plain }) => isRight(plain))?.fix : undefined;
  report.addAt(at, { ...problem, hint, fix });
}

function readWrapped(
  depth: number,
  kind: OperandKind,
  fact: FactDefinition,
  plain: PlainOperand,
  builds: BuildNames,
): OperandResult {
  if (depth === 0) return readOperand(kind, fact, plain, builds);
  if (Array.isArray(plain)) return readList(plain, (item) => readWrapped(depth - 1, kind, fact, item, builds));
  const message = 'someValue and everyValue need a list here.';
  return { ok: false, problem: { code: 'condition-value', message, path: [] } };
}

/** Another fact on the right side has to be of the same type as what the operator takes there. */
function readFactReference(
  decorated: DecoratedOperator,
  kind: OperandKind,
  fact: FactDefinition,
  node: MapNode,
  report: Report,
): Comparison['operand'] | undefined {
  const name = textEntry(node, 'fact');
  const others = [...node.entries.values()].filter((entry) => entry.key !== 'fact');
  if (name === undefined || others.length > 0) {
    report.add('condition-value', others[0]?.keySpan ?? node, 'A map was not expected here, except { fact: NAME }.');
    return undefined;
  }
  const other = factNamed(name);
  if (other === undefined) {
    const names = FACTS.map((each) => each.name);
    const hint = didYouMean(name, names);
    const replacement = nearestWord(name, names);
    const message = `There is no fact ${name}.`;
    report.addAt(entryOf(node, 'fact') ?? node, { code: 'fact-unknown', message, hint, replacement });
    return undefined;
  }
  if (valueListDepth(decorated) > 0 || !referenceFits(decorated.operator, kind, fact, other)) {
    const message = `${other.name} of type ${other.type} cannot stand on the right side of ${decorated.operator.name} with ${fact.name}.`;
    report.add('operator-misfit', node, message);
    return undefined;
  }
  return { fact: other.name };
}

/** Whether another fact can stand on the right side of an operator, which takes `kind` there with `fact`. */
export function referenceFits(
  operator: OperatorDefinition,
  kind: OperandKind,
  fact: FactDefinition,
  other: FactDefinition,
): boolean {
  if (operator.name === EXISTS) return false;
  if (kind === 'value' || kind === 'text') return isText(other);
  if (kind === 'values') return other.type === 'list' && fact.type !== 'number';
  return kind === other.type;
}

function isText(fact: FactDefinition): boolean {
  return fact.type === 'text' || fact.type === 'domain' || fact.type === 'enum';
}

/** A range that ends at a version of four parts in no catalogue is often a slip of the finger. */
function warnOfUnlistedBuilds(operand: Operand, node: DocumentNode, { report, builds }: ConditionContext): void {
  for (const range of [operand].flat(4) as VersionRange[]) {
    const written = range.text.match(/\d+(?:\.\d+){3}/g) ?? [];
    for (const text of written) {
      const version = parseVersion(text);
      if (version === undefined || builds.lists(version) !== false) continue;
      const offset = range.text.indexOf(text);
      const message = `No catalogue lists a build ${text}.`;
      const at = textOf(node) === range.text ? { offset, length: text.length } : {};
      report.addAt(node, {
        code: 'build-unlisted',
        message,
        hint: 'Check it, or add the build to the catalogue.',
        ...at,
      });
    }
  }
}
