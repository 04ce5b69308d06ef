import { assumedRecord } from '@sluice/engine/decision/assumed-record.js';
import { compilePolicySet } from '@sluice/engine/decision/compile-policy-set.js';
import { decide } from '@sluice/engine/decision/decide.js';
import { decisionToJson } from '@sluice/engine/decision/decision-json.js';
import { explain, type TracedRule, type TraceLine } from '@sluice/engine/decision/explain.js';
import { parseDuration } from '@sluice/engine/policy/duration.js';
import { type EpochMillis, epochMillis, parseInstant } from '@sluice/engine/policy/instant.js';
import type { PolicySet } from '@sluice/engine/policy/policy-set.js';
import { readFacts } from '@sluice/engine/policy/read-facts.js';
import type { ExplainedLine, ExplainedRule, ExplainParams, ExplainResult } from '../protocol.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { locationOf, locationOfPosition } from './locate.js';

/** Decides for one connection, and shows how each condition came out. */
export async function explainDecision(context: DocumentInSet, params: ExplainParams): Promise<ExplainResult> {
  const { policySet } = context.snapshot.reading;
  if (policySet === undefined) return { problem: 'The policy set has errors; see the Problems view.' };
  const told = readFacts(Object.entries(params.facts).filter(([, text]) => text !== ''));
  if (!told.ok) return { problem: told.problem };
  const now = instantOf(params.at, context.snapshot.now);
  const firstDetected = now === undefined ? undefined : detectionOf(params.firstDetected, now);
  if (now === undefined || firstDetected === undefined) return { problem: INSTANT_PROBLEM };
  const compiled = compilePolicySet(policySet);
  const record = assumedRecord(compiled, told.facts, firstDetected, now);
  const decision = decide(compiled, told.facts, record, now);
  const { facts, rules } = await explain(compiled, told.facts, record, now);
  return {
    decision: decisionToJson(decision),
    facts,
    rules: rules.map((rule) => explainedRule(context, policySet, rule, rule.name === decision[rule.kind])),
  };
}

const INSTANT_PROBLEM =
  'An instant was expected, such as 2026-09-08 or 2026-09-08T14:30:00Z; for the first detection also how long ago: 35d.';

function instantOf(text: string | undefined, otherwise: EpochMillis): EpochMillis | undefined {
  return text === undefined || text.trim() === '' ? otherwise : parseInstant(text.trim());
}

/** An instant, or how long before. */
function detectionOf(text: string | undefined, now: EpochMillis): EpochMillis | undefined {
  const ago = text === undefined ? undefined : parseDuration(text.trim());
  return ago === undefined ? instantOf(text, now) : epochMillis(now - ago);
}

function explainedRule(
  { folder }: DocumentInSet,
  policySet: PolicySet,
  { kind, name, matches, skipped, trace }: TracedRule,
  decides: boolean,
): ExplainedRule {
  const declared = kind === 'policy' ? policySet.policies : policySet.exemptions;
  const source = declared.find((each) => each.name === name)?.source;
  if (source === undefined) throw new Error(`${kind} ${name} is not part of the policy set`);
  const toLine = (line: TraceLine, depth: number): readonly ExplainedLine[] => [
    {
      depth,
      text: line.text,
      location: locationOfPosition(folder, line.source),
      ...(line.result === undefined ? {} : { result: line.result }),
      ...(line.factValue === undefined ? {} : { factValue: line.factValue }),
    },
    ...line.parts.flatMap((part) => toLine(part, depth + 1)),
  ];
  return {
    kind,
    name,
    holds: matches,
    decides: decides && matches,
    lines: trace === undefined ? [] : toLine(trace, 0),
    location: locationOf(folder, source),
    ...(skipped === undefined ? {} : { note: skipped }),
  };
}
