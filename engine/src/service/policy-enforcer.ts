import type { Decision } from '../decision/decision.js';
import { decisionToJson } from '../decision/decision-json.js';
import type { Connection, Enforcer, Verdict } from '../gateway/enforcer.js';
import { Judge, type Judgement, type JudgeOptions } from '../judgement/judge.js';
import type { Awaitable } from '../policy/awaitable.js';
import type { EpochMillis } from '../policy/instant.js';
import { detectServer } from '../traffic/detect-server.js';
import type { Detection, HeaderField } from '../traffic/detection.js';
import { decisionLogJson } from '../traffic/logs/decision-log-entry.js';
import type { Clock } from './clock.js';
import type { Configuration } from './configuration.js';
import type { LabelCounts } from './label-counts.js';
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
  return new PolicyEnforcer(options);
}

/** What is judged, and since when: for the clock of policies, and for measuring. */
interface Question {
  readonly connection: Connection;
  /** What the headers told; absent before them. */
  readonly detection: Detection | undefined;
  readonly now: EpochMillis;
  readonly askedAtMillis: number;
}

class PolicyEnforcer implements Enforcer {
  readonly #options: PolicyEnforcerOptions;
  readonly #judge: Judge;

  constructor(options: PolicyEnforcerOptions) {
    this.#options = options;
    this.#judge = new Judge(options);
  }

  judgeConnection(connection: Connection): Awaitable<Verdict> {
    return this.#guard(connection, undefined, (now) => this.#judge.connection(connection, now));
  }

  judgeMessage(connection: Connection, headers: readonly HeaderField[]): Awaitable<Verdict> {
    const detection = detectServer(headers);
    return this.#guard(connection, detection, (now) => this.#judge.message(connection, detection, now));
  }

  /** Only where the store has to be waited for is there a promise, with a time limit. */
  #guard(
    connection: Connection,
    detection: Detection | undefined,
    judge: (now: EpochMillis) => Awaitable<Judgement>,
  ): Awaitable<Verdict> {
    const question = { connection, detection, now: this.#options.clock(), askedAtMillis: performance.now() };
    try {
      const judgement = judge(question.now);
      return judgement instanceof Promise ? this.#wait(question, judgement) : this.#answer(question, judgement);
    } catch (error) {
      return this.#fault(question, error);
    }
  }

  async #wait(question: Question, judging: Promise<Judgement>): Promise<Verdict> {
    try {
      return this.#answer(question, await withinTime(judging, this.#options.decisionTimeoutMillis));
    } catch (error) {
      return this.#fault(question, error);
    }
  }

  #answer(question: Question, judgement: Judgement): Verdict {
    tell(this.#options, question, judgement);
    this.#measure(question);
    return verdictOf(judgement.decision);
  }

  #fault(question: Question, error: unknown): Verdict {
    const { metrics, log, onFault } = this.#options;
    metrics.faults.inc({ reason: error instanceof DecisionTimeoutError ? 'timeout' : 'error' });
    const message = error instanceof Error ? error.message : String(error);
    log.error('decision-fault', { ...connectionDetails(question.connection), answer: onFault, error: message });
    this.#measure(question);
    return onFault === 'accept' ? { action: 'accept' } : { action: 'defer', reply: DEFERRED };
  }

  #measure({ connection, askedAtMillis }: Question): void {
    const seconds = (performance.now() - askedAtMillis) / 1000;
    this.#options.metrics.decisionSeconds.observe(connection.gateway, seconds);
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

function tell(options: PolicyEnforcerOptions, { connection, detection, now }: Question, judgement: Judgement): void {
  const { metrics, log, onJudgement } = options;
  const { decision, isFirstDetection, awaitsHeaders } = judgement;
  if (awaitsHeaders) {
    if (log.isEnabled('debug')) log.debug('headers-awaited', connectionDetails(connection));
    return;
  }
  countOf(metrics, connection, decision).increment();
  if (isFirstDetection) metrics.detections.inc({ policy: decision.policy ?? '' });
  if (log.isEnabled('info')) {
    log.info('decision', decisionLogEntry(connection, detection, decision, now));
  }
  onJudgement?.(connection, judgement, now);
}

function decisionLogEntry(
  { gateway, facts, queueId, instance }: Connection,
  detection: Detection | undefined,
  decision: Decision,
  at: EpochMillis,
) {
  const moment = detection === undefined ? 'connection' : 'message';
  const decided = decisionToJson(decision);
  return decisionLogJson({ at, gateway, moment, facts, detection, queueId, instance, decision: decided });
}

/** The verdict that says what a decision says. */
function verdictOf(decision: Decision): Verdict {
  const { action, reply } = decision;
  return reply === undefined ? { action, decision } : { action, decision, reply };
}

function countOf(
  { decisions }: Metrics,
  { gateway }: Connection,
  { action, policy, stage, mode }: Decision,
): LabelCounts {
  return decisions
    .at(gateway)
    .at(action)
    .at(policy ?? '')
    .at(stage ?? '')
    .at(mode ?? '');
}

function connectionDetails({ gateway, facts, queueId }: Connection) {
  return { gateway, queueId, client: facts['client.address']?.text, helo: facts.helo, sender: facts['sender.domain'] };
}
