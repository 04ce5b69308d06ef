import { type CellSet, cellUnion } from '../diagram/cell-set.js';
import type { Region } from '../diagram/region.js';

/**
 * Joins regions of one target that differ in one variable only, until no two do.
 *
 * @param cellCount number of cells of a variable; a region that has all of them does not ask for it
 */
export function mergeRegions(regions: readonly Region[], cellCount: (variable: number) => number): Region[] {
  let merged = [...regions];
  for (let count = -1; count !== merged.length; ) {
    count = merged.length;
    const variables = new Set(merged.flatMap((region) => [...region.cells.keys()]));
    for (const variable of variables) merged = mergeBy(variable, merged, cellCount(variable));
  }
  return merged;
}

function mergeBy(variable: number, regions: readonly Region[], count: number): Region[] {
  const groups = new Map<string, Region>();
  for (const region of regions) {
    const rest = [...region.cells].filter(([number]) => number !== variable).sort(([a], [b]) => a - b);
    const key = `${region.target}|${rest.map(([number, cells]) => `${number}:${cells.join()}`).join('|')}`;
    const known = groups.get(key);
    const own = union(
      [region, ...(known === undefined ? [] : [known])].map(({ cells }) => cells.get(variable) ?? [0, count]),
    );
    const isAll = own[0] === 0 && own[1] === count;
    groups.set(key, { target: region.target, cells: new Map(isAll ? rest : [...rest, [variable, own]]) });
  }
  return [...groups.values()];
}

function union(sets: readonly CellSet[]): CellSet {
  return cellUnion(
    sets.flatMap((cells) =>
      cells.flatMap((from, index): [number, number][] => (index % 2 === 0 ? [[from, cells[index + 1] ?? from]] : [])),
    ),
  );
}
