import type { Condition, NamedCondition } from './policy-set.js';
import type { Report } from './report.js';
import { headOf } from './source.js';
import { referencesOf } from './visit-condition.js';

/**
 * Most parts of a condition, and its deepest nesting, with shared conditions written out. More than one file can write
 * without them, so that only references which multiply are refused.
 */
export const MAX_CONDITION_PARTS = 100_000;
export const MAX_CONDITION_DEPTH = 256;

/** Names of a circle that a message shows. */
const MAX_SHOWN_NAMES = 8;

/**
 * Orders shared conditions so that each comes after those that it refers to, and reports circles. Works without calls
 * of itself: a file can hold a chain of thousands.
 *
 * @returns the conditions that do not stand in a circle; one that refers into a circle is among them
 */
export function orderConditions(conditions: ReadonlyMap<string, NamedCondition>, report: Report): NamedCondition[] {
  const ordered: NamedCondition[] = [];
  const finished = new Set<string>();
  const circular = new Set<string>();
  for (const first of conditions.values()) {
    if (finished.has(first.name)) continue;
    const path = [{ named: first, pending: referencesOf(first.when).values() }];
    const open = new Map([[first.name, 0]]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.pending.next();
      if (next.done === true) {
        path.pop();
        open.delete(top.named.name);
        finished.add(top.named.name);
        if (!circular.has(top.named.name)) ordered.push(top.named);
        continue;
      }
      const start = open.get(next.value);
      const named = conditions.get(next.value);
      if (start !== undefined)
        reportCircle(
          path.slice(start).map((each) => each.named),
          circular,
          report,
        );
      else if (named !== undefined && !finished.has(named.name)) {
        open.set(named.name, path.length);
        path.push({ named, pending: referencesOf(named.when).values() });
      }
    }
  }
  return ordered;
}

function reportCircle(circle: readonly NamedCondition[], circular: Set<string>, report: Report): void {
  const [first] = circle;
  const isNew = !circle.some(({ name }) => circular.has(name));
  for (const { name } of circle) circular.add(name);
  if (first === undefined || !isNew) return;
  const names = circle.map(({ name }) => name);
  const shown = names.length > MAX_SHOWN_NAMES ? [...names.slice(0, MAX_SHOWN_NAMES), '…'] : names;
  const message = `The condition ${first.name} refers to itself: ${[...shown, first.name].join(' → ')}.`;
  const related = circle.slice(1, MAX_SHOWN_NAMES).map(({ name, source }) => {
    return { ...headOf(source), message: `The condition ${name} is part of the circle.` };
  });
  report.add('condition-cycle', first.source, message, 'Take one of these references out.', { related });
}

interface Extent {
  readonly parts: number;
  readonly depth: number;
}

/** Checks that no condition grows beyond bounds where shared conditions that refer to others are written out. */
export function checkExtents(
  ordered: readonly NamedCondition[],
  owners: readonly Pick<NamedCondition, 'when'>[],
  conditions: ReadonlyMap<string, NamedCondition>,
  report: Report,
): void {
  const extents = new Map<string, Extent>();
  const check = ({ when }: Pick<NamedCondition, 'when'>): Extent | undefined => {
    const isKnown = (name: string) => extents.has(name) || !conditions.has(name);
    if (![...referencesOf(when)].every(isKnown)) return undefined;
    const extent = extentOf(when, extents);
    if (extent.parts <= MAX_CONDITION_PARTS && extent.depth <= MAX_CONDITION_DEPTH) return extent;
    const what =
      extent.depth > MAX_CONDITION_DEPTH
        ? `is nested ${extent.depth} levels deep; at most ${MAX_CONDITION_DEPTH}`
        : `has ${extent.parts} parts; at most ${MAX_CONDITION_PARTS}`;
    const message = `With its shared conditions written out, this condition ${what} are allowed.`;
    report.add('document-limits', when.source, message, 'Refer to fewer shared conditions that refer to others.');
    return undefined;
  };
  for (const named of ordered) {
    const extent = check(named);
    if (extent !== undefined) extents.set(named.name, extent);
  }
  for (const owner of owners) check(owner);
}

function extentOf(condition: Condition, extents: ReadonlyMap<string, Extent>): Extent {
  if (condition.kind === 'comparison') return { parts: 1, depth: 1 };
  if (condition.kind === 'reference') {
    const { parts, depth } = extents.get(condition.name) ?? { parts: 0, depth: 0 };
    return { parts: parts + 1, depth: depth + 1 };
  }
  const children = condition.kind === 'not' ? [condition.condition] : condition.conditions;
  let parts = 1;
  let depth = 0;
  for (const child of children) {
    const extent = extentOf(child, extents);
    parts += extent.parts;
    depth = Math.max(depth, extent.depth);
  }
  return { parts, depth: depth + 1 };
}
