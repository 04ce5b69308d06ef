import type { Decision } from '../decision/decision.js';
import { decisionToJson } from '../decision/decision-json.js';
import type { Connection, Enforcer, Verdict } from '../gateway/enforcer.js';
import type { EpochMillis } from '../policy/instant.js';
import type { HeaderField } from '../traffic/detection.js';
import type { Clock } from './clock.js';
import type { Configuration } from './configuration.js';
import { Judge, type Judgement, type JudgeOptions, verdictOf } from './judge.js';
import type { Metrics } from './metrics.js';
import type { ServiceLog } from './service-log.js';

export interface PolicyEnforcerOptions extends JudgeOptions {
  readonly clock: Clock;
  readonly onFault: Configuration['onFault'];
  readonly decisionTimeoutMillis: number;
  readonly metrics: Metrics;
  readonly log: ServiceLog;
  /** Told of each judgement, for a display beside the log. */
  readonly onJudgement?: (connection: Connection, judgement: Judgement, now: EpochMillis) => void;
}

/** The reply where the service cannot decide and is configured to defer (RFC 3463 §3.4: 4.3.0, other mail system status). */
const DEFERRED = { code: 451, status: '4.3.0', text: 'Temporary local problem; try again later' } as const;

/** Makes the `Enforcer` that all gateways ask: it judges in time, counts and logs, and answers for faults as configured. */
export function createPolicyEnforcer(options: PolicyEnforcerOptions): Enforcer {
  const judge = new Judge(options);
  return {
    judgeConnection: (connection) => guard(options, connection, (now) => judge.connection(connection, now)),
    judgeMessage: (connection, headers: readonly HeaderField[]) =>
      guard(options, connection, (now) => judge.message(connection, headers, now)),
  };
}

async function guard(
  options: PolicyEnforcerOptions,
  connection: Connection,
  judge: (now: EpochMillis) => Promise<Judgement>,
): Promise<Verdict> {
  const stopTimer = options.metrics.decisionSeconds.startTimer({ gateway: connection.gateway });
  try {
    const now = options.clock();
    const judgement = await withinTime(judge(now), options.decisionTimeoutMillis);
    tell(options, connection, judgement, now);
    return verdictOf(judgement.decision);
  } catch (error) {
    return faultVerdict(options, connection, error);
  } finally {
    stopTimer();
  }
}

class DecisionTimeoutError extends Error {}

async function withinTime<T>(promise: Promise<T>, timeoutMillis: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const message = `No decision within ${timeoutMillis} ms; the store did not answer`;
    timer = setTimeout(() => reject(new DecisionTimeoutError(message)), timeoutMillis);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function faultVerdict(
  { metrics, log, onFault }: PolicyEnforcerOptions,
  connection: Connection,
  error: unknown,
): Verdict {
  metrics.faults.inc({ reason: error instanceof DecisionTimeoutError ? 'timeout' : 'error' });
  const message = error instanceof Error ? error.message : String(error);
  log.error('decision-fault', { ...connectionDetails(connection), answer: onFault, error: message });
  return onFault === 'accept' ? { action: 'accept' } : { action: 'defer', reply: DEFERRED };
}

function tell(options: PolicyEnforcerOptions, connection: Connection, judgement: Judgement, now: EpochMillis): void {
  const { metrics, log, onJudgement } = options;
  const { decision, isFirstDetection, awaitsHeaders } = judgement;
  if (awaitsHeaders) {
    if (log.isEnabled('debug')) log.debug('headers-awaited', connectionDetails(connection));
    return;
  }
  metrics.decisions.inc({ gateway: connection.gateway, ...decisionLabels(decision) });
  if (isFirstDetection) metrics.detections.inc({ policy: decision.policy ?? '' });
  if (log.isEnabled('info')) {
    log.info('decision', { ...connectionDetails(connection), ...decisionToJson(decision), ...versionOf(judgement) });
  }
  onJudgement?.(connection, judgement, now);
}

function decisionLabels({ action, policy, stage, mode }: Decision) {
  return { action, policy: policy ?? '', stage: stage ?? '', mode: mode ?? '' };
}

function connectionDetails({ gateway, facts, queueId }: Connection) {
  return { gateway, queueId, client: facts['client.address']?.text, helo: facts.helo, sender: facts['sender.domain'] };
}

function versionOf({ record }: Judgement) {
  const latest = record?.versions[0];
  return latest === undefined ? {} : { serverVersion: latest.version };
}
