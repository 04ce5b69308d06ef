import { formatDuration } from '../../policy/duration.js';
import type { RelatedPlace } from '../../policy/finding.js';
import { formatInstant } from '../../policy/instant.js';
import type { Policy, PolicySet } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { formatFacts } from '../format-facts.js';
import type { FoundServer } from './find-server.js';
import type { ServerHistory } from './refusal-route.js';

/** A connection and its time: `client.address 192.0.2.1 at 2026-09-08T00:00:00Z, 30d after its first detection`. */
export function describeConnection(
  { facts, time }: Pick<FoundServer, 'facts' | 'time'>,
  { elapsed, refusals }: ServerHistory,
): string {
  const day = elapsed === 0 ? 'when it is first detected' : `${formatDuration(elapsed)} after its first detection`;
  const before = refusals === 0 ? '' : `, refused ${refusals} times before`;
  return `${formatFacts(facts)} at ${formatInstant(time)}, ${day}${before}`;
}

/** What is decided there: `5 minutes of every hour throttled by exchange-2016 (a.policy.yaml:3), stage throttle-5`. */
export function describeOutcome({ decision }: Pick<FoundServer, 'decision'>, policySet: PolicySet): string {
  const { policy: name, stage, exemption, mode } = decision;
  if (exemption !== undefined) return `exempted by ${exemption}`;
  const policy = policySet.policies.find((each) => each.name === name);
  if (policy === undefined) return 'accepted, as no policy matches';
  const what = mode === 'enforce' ? describeMinutes(decision.window) : 'accepted';
  return `${what} by ${describePolicy(policy)}, stage ${stage}`;
}

/** `5 minutes of every hour throttled and 10 blocked`. */
export function describeMinutes(window: { readonly throttle: number; readonly block: number } | undefined): string {
  const { throttle = 0, block = 0 } = window ?? {};
  if (throttle === 0 && block === 0) return 'accepted';
  if (block === 0) return `${throttle} minutes of every hour throttled`;
  return `${throttle === 0 ? '' : `${throttle} minutes of every hour throttled and `}${block} minutes${throttle === 0 ? ' of every hour' : ''} blocked`;
}

/** A policy with its place: `exchange-2016 (exchange-2016.policy.yaml:3)`. */
export function describePolicy({ name, source }: Policy): string {
  return `${name} (${source.file}:${source.range.start.line})`;
}

/** Where a policy stands, for those who want to go there. */
export function placeOfPolicy({ name, source }: Policy): RelatedPlace {
  return { ...headOf(source), message: `The policy ${name}.` };
}
