import type { Comparison, Condition, NamedCondition } from './policy-set.js';

/** Calls back for each part of a condition as it is written; references are not followed. */
export function visitCondition(condition: Condition, visit: (part: Condition) => void): void {
  visit(condition);
  if (condition.kind === 'not') visitCondition(condition.condition, visit);
  if (condition.kind === 'all' || condition.kind === 'any') {
    for (const each of condition.conditions) visitCondition(each, visit);
  }
}

/** Names of the shared conditions that a condition refers to itself, each once. */
export function referencesOf(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>();
  visitCondition(condition, (part) => {
    if (part.kind === 'reference') names.add(part.name);
  });
  return names;
}

/** The comparisons of a condition and of the shared conditions behind it; those of a shared condition come once. */
export function comparisonsOf(condition: Condition, conditions: ReadonlyMap<string, NamedCondition>): Comparison[] {
  const comparisons: Comparison[] = [];
  const seen = new Set<string>();
  const pending: Condition[] = [condition];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visitCondition(next, (part) => {
      if (part.kind === 'comparison') comparisons.push(part);
      if (part.kind !== 'reference' || seen.has(part.name)) return;
      seen.add(part.name);
      const named = conditions.get(part.name);
      if (named !== undefined) pending.push(named.when);
    });
  }
  return comparisons;
}
