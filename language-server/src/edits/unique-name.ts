import { isName, nearestName } from '@sluice/engine/policy/name.js';

/** A name near to a text that is not taken: with a number behind it where it has to be. */
export function uniqueName(text: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  const base = nearestName(text) ?? 'unnamed';
  if (!names.has(base)) return base;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const name = `${base.slice(0, 64 - suffix.length).replace(/-$/, '')}${suffix}`;
    if (isName(name) && !names.has(name)) return name;
  }
}
