import { fileKindOf } from './file-kind.js';
import type { Finding } from './finding.js';
import type { Condition, Exemption, Invariant, NamedCondition, Policy, PolicySet } from './policy-set.js';
import type { SourceSpan } from './source.js';
import { comparisonsOf, referencesOf } from './visit-condition.js';

/**
 * The part of a policy set that its errors leave untouched, so that checks which need whole policies go on beside an error
 * elsewhere. A policy or an exemption is sound where neither its file nor anything that its condition asks for has an error: the shared
 * conditions behind it, and the connectors and the catalogue where it asks for facts that come from them. An invariant is
 * sound where it has no error itself, and its condition none.
 *
 * @param ordered the shared conditions, each after those that it refers to
 */
export function soundPart(
  policySet: PolicySet,
  ordered: readonly NamedCondition[],
  findings: readonly Finding[],
): PolicySet {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const conditions = soundConditions(ordered, errors);
  const faultyFiles = new Set(errors.map(({ file }) => file));
  const faultyKinds = new Set([...faultyFiles].map(fileKindOf));
  const isWhole = (when: Condition) =>
    [...referencesOf(when)].every((name) => conditions.has(name)) &&
    !comparisonsOf(when, conditions).some(
      (comparison) =>
        (faultyKinds.has('connectors') && CONNECTOR_FACTS.has(comparison.fact)) ||
        (faultyKinds.has('builds') && BUILD_FACT.test(comparison.fact)),
    );
  const isSoundRule = ({ when, source }: Policy | Exemption) => !faultyFiles.has(source.file) && isWhole(when);
  const isSoundInvariant = ({ statement, source }: Invariant) =>
    !errors.some((error) => error.file === source.file && holds(source, error)) &&
    (statement.kind !== 'protected' || isWhole(statement.when));
  return {
    ...policySet,
    conditions,
    policies: policySet.policies.filter(isSoundRule),
    exemptions: policySet.exemptions.filter(isSoundRule),
    invariants: policySet.invariants.filter(isSoundInvariant),
  };
}

const CONNECTOR_FACTS: ReadonlySet<string> = new Set(['connector.name', 'connector.type', 'server.tags']);
const BUILD_FACT = /^server\.(?:product|build|support)/;

/** A file with so many errors is not searched for the conditions that have none. */
const MANY_ERRORS = 1000;

function soundConditions(
  ordered: readonly NamedCondition[],
  errors: readonly Finding[],
): ReadonlyMap<string, NamedCondition> {
  const byFile = new Map<string, Finding[]>();
  for (const error of errors) {
    const others = byFile.get(error.file);
    if (others === undefined) byFile.set(error.file, [error]);
    else others.push(error);
  }
  const sound = new Map<string, NamedCondition>();
  for (const named of ordered) {
    const near = byFile.get(named.source.file) ?? [];
    const isFaulty = near.length > MANY_ERRORS || near.some((error) => holds(named.source, error));
    if (!isFaulty && [...referencesOf(named.when)].every((name) => sound.has(name))) sound.set(named.name, named);
  }
  return sound;
}

/** Whether the finding begins within the part of the file. */
function holds({ range: { start, end } }: SourceSpan, { range }: Finding): boolean {
  const { line, column } = range.start;
  const isBehindStart = line > start.line || (line === start.line && column >= start.column);
  return isBehindStart && (line < end.line || (line === end.line && column < end.column));
}
