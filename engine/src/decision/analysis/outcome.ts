import type { Policy } from '../../policy/policy-set.js';

/** What a policy does to whom it matches, as text to compare. */
export function outcomeText({ mode, effective, stages, thresholds, relapse, help }: Policy): string {
  const plain = stages.map(({ source: _source, ...stage }) => stage);
  return JSON.stringify([mode, effective, plain, thresholds, relapse, help]);
}

/** Minutes of every hour that are refused in the end. */
export interface FinalSeverity {
  readonly throttle: number;
  readonly block: number;
}

/** What it comes to for a server that is never fixed; nothing where no policy is, or it only reports. */
export function finalSeverity(policy: Policy | undefined): FinalSeverity {
  const last = policy?.mode === 'enforce' ? policy.stages.at(-1) : undefined;
  return { throttle: last?.throttle ?? 0, block: last?.block ?? 0 };
}

/** Worse: more minutes are blocked, or equally many, and more refused in all. */
export function isWorse(one: FinalSeverity, other: FinalSeverity): boolean {
  return one.block > other.block || (one.block === other.block && one.throttle > other.throttle);
}

/** `60 minutes of every hour blocked`. */
export function formatSeverity({ throttle, block }: FinalSeverity): string {
  const parts = [
    ...(throttle > 0 ? [`${throttle} minutes throttled`] : []),
    ...(block > 0 ? [`${block} minutes blocked`] : []),
  ];
  return parts.length === 0 ? 'never refused' : `${parts.join(' and ')} in every hour`;
}
