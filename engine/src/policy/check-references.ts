import { didYouMean, nearestWord } from './did-you-mean.js';
import { INTERNET_CONNECTOR_NAME } from './policy-set.js';
import type { Mention } from './read-condition.js';
import type { Report } from './report.js';

/** The names that a policy set declares, of each kind that conditions mention. */
export type DeclaredNames = Readonly<Record<Mention['kind'], readonly string[]>>;

/** Checks that shared conditions and connectors that conditions mention exist. */
export function checkReferences(mentions: readonly Mention[], declared: DeclaredNames, report: Report): void {
  const known = {
    condition: new Set(declared.condition),
    connector: new Set([...declared.connector, INTERNET_CONNECTOR_NAME]),
  };
  for (const { kind, name, node } of mentions) {
    if (known[kind].has(name)) continue;
    report.addAt(node, {
      code: `${kind}-unknown`,
      message: kind === 'condition' ? `There is no shared condition ${name}.` : `There is no connector ${name}.`,
      hint: didYouMean(name, declared[kind]),
      replacement: nearestWord(name, declared[kind]),
    });
  }
}
