import { type DocumentNode, entryOf, numberOf, textOf } from './document-node.js';
import { readPattern } from './operand.js';
import type { Expectation, ExpectedPart, ExpectedValue } from './policy-test.js';
import type { Report } from './report.js';

/** What is expected by part. */
export type Expectations = ReadonlyMap<ExpectedPart, Expectation>;

/** Reads what stands under `expect`: a map, or the name of a stage. */
export function readExpectations(node: DocumentNode | undefined, report: Report): Expectations {
  const found = new Map<ExpectedPart, Expectation>();
  const add = (part: ExpectedPart, at: DocumentNode | undefined, value: ExpectedValue | undefined) => {
    if (at !== undefined && value !== undefined) found.set(part, { part, value, source: at });
  };
  add('stage', node, textOf(node));
  for (const part of ['action', 'policy', 'stage', 'exemption'] as const) {
    const at = entryOf(node, part);
    add(part, at, textOrNull(at));
  }
  const minutes = entryOf(node, 'refusedMinutes');
  for (const kind of ['throttle', 'block'] as const) {
    const at = entryOf(minutes, kind);
    add(`refusedMinutes.${kind}`, at, numberOf(at));
  }
  const reply = entryOf(node, 'reply');
  add('reply', reply, readReply(reply, report));
  const wouldBe = entryOf(node, 'wouldBe');
  add('wouldBe.action', wouldBe, textOrNull(wouldBe));
  const wouldBeAction = entryOf(wouldBe, 'action');
  add('wouldBe.action', wouldBeAction, textOf(wouldBeAction));
  const wouldBeReply = entryOf(wouldBe, 'reply');
  add('wouldBe.reply', wouldBeReply, readReply(wouldBeReply, report));
  return found;
}

function textOrNull(node: DocumentNode | undefined): string | null | undefined {
  return node?.kind === 'scalar' && node.value === null ? null : textOf(node);
}

function readReply(node: DocumentNode | undefined, report: Report): ExpectedValue | undefined {
  const source = entryOf(node, 'matches');
  const text = textOf(source);
  if (source === undefined || text === undefined) return textOrNull(node);
  const result = readPattern(text);
  if (result.ok) return result.operand;
  report.addAt(source, result.problem);
  return undefined;
}
