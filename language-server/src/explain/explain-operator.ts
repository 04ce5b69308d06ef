import { comparedType, DECORATORS, type DecoratedOperator, parseOperator } from '@sluice/engine/policy/decorator.js';
import type { FactDefinition } from '@sluice/engine/policy/fact.js';
import { OPERAND_WORDS } from '@sluice/engine/policy/operand.js';
import { EXISTS } from '@sluice/engine/policy/operator.js';
import { code, paragraphs } from './markdown.js';
import { listed } from './words.js';

/**
 * What an operator with its decorators means, such as `not:someValue:equal`.
 *
 * @param fact the fact on its left side, where it is known
 * @returns undefined where there is no such operator
 */
export function explainOperator(text: string, fact: FactDefinition | undefined): string | undefined {
  const decorated = parseOperator(text);
  if ('code' in decorated) return undefined;
  const { decorators, operator } = decorated;
  const steps = decorators.map((each) => `- ${code(`${each}:`)} ${DECORATORS[each]}`);
  return paragraphs(
    `**${text}**, an operator for facts of type ${listed(Object.keys(operator.fits))}`,
    [...steps, `- ${code(operator.name)} ${operator.description}`].join('\n'),
    `On its right side: ${rightSide(decorated, fact)}.`,
    operator.name === EXISTS ? undefined : 'Where the fact is not known, the comparison is false.',
  );
}

function rightSide(decorated: DecoratedOperator, fact: FactDefinition | undefined): string {
  const { decorators, operator } = decorated;
  const compared = fact === undefined ? undefined : comparedType(decorated, fact.type);
  const own = compared === undefined || compared === 'no list' ? undefined : operator.fits[compared];
  const kinds = own === undefined ? Object.values(operator.fits) : [own];
  const words = [...new Set(kinds.map((kind) => OPERAND_WORDS[kind]))].join(', or ');
  const isListed = decorators.some((each) => each === 'someValue' || each === 'everyValue');
  return isListed ? `a list, of which each item is ${words}` : words;
}
