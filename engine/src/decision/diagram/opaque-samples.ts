import type { FactName } from '../../policy/fact.js';
import type { Pattern } from '../../policy/operand.js';
import type { Comparison } from '../../policy/policy-set.js';

/**
 * Texts for which comparisons that cannot be split may hold: domains and names below them, parts that are looked for, and
 * what a plain regular expression says. They are only proposals; whoever uses one has to test it.
 */
export function opaqueSamples(fact: FactName, comparisons: readonly Comparison[]): string[] {
  const samples = comparisons.flatMap((comparison) => {
    if (comparison.fact !== fact || !('value' in comparison.operand)) return [];
    return [comparison.operand.value].flat(4).flatMap((operand) => {
      if (typeof operand === 'string') return [operand, `host.${operand}`];
      return typeof operand === 'object' && 'source' in operand ? plainTextsOf(operand) : [];
    });
  });
  // Expressions without anchors are found in the texts of all of them put together.
  return [...new Set([...samples, ...(samples.length > 1 && samples.length < 20 ? [samples.join('')] : [])])];
}

/** A text for each alternative of an expression, as far as it is written without much that has a meaning of its own. */
function plainTextsOf({ source, test }: Pattern): string[] {
  const alternatives = source.replace(/\(\?[a-z]*:?|[()^$]/g, '').split('|');
  return alternatives
    .map((each) =>
      each
        .replace(/\\d(?:[+*]|\{\d+(?:,\d*)?\})?/g, '1')
        .replace(/\\w[+*]?|\.[+*]|\[[^\]]*\][+*]?/g, 'a')
        .replace(/\\(.)/g, '$1')
        .replace(/[*?+]/g, ''),
    )
    .filter((text) => test(text));
}
