import { formatFacts } from '../../decision/format-facts.js';
import { formatInstant } from '../../policy/instant.js';
import type { TestResult } from './test-result.js';

/** The connection of a test, and what decided for it. */
export function caseWords({ point, decision }: Pick<TestResult, 'point' | 'decision'>): string {
  const { facts, firstDetected, at } = point;
  const detected = firstDetected === undefined ? '' : `, first detected ${formatInstant(firstDetected)}`;
  return `${formatFacts(facts)} at ${formatInstant(at)}${detected}: ${decidedBy(decision)}`;
}

function decidedBy({ exemption, policy, stage }: TestResult['decision']): string {
  if (exemption !== undefined) return `exempted by ${exemption}`;
  return policy === undefined ? 'no policy matches' : `decided by ${policy}, stage ${stage}`;
}
