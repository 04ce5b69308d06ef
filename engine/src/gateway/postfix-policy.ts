import { type Awaitable, whenReady } from '../policy/awaitable.js';
import type { Enforcer, Verdict } from './enforcer.js';
import type { GatewayLog } from './gateway-log.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { connectionOf } from './postfix-policy-connection.js';
import { PolicyRequestReader, type PolicyRequestResult } from './postfix-policy-request.js';
import { replyLine, replyOf } from './reply-line.js';
import type { Peer, ProtocolHandler, ReceiveOutcome } from './socket-connection.js';
import { startSocketServer } from './socket-server.js';
import type { PolicyRequest } from './usual-policy-request.js';

export interface PostfixPolicyOptions {
  readonly enforcer: Enforcer;
  readonly listen: ListenAddress;
  /** The idle timeout should exceed Postfix's `smtpd_policy_service_max_idle` (300 s), so that Postfix closes first. */
  readonly limits: ListenerLimits;
  readonly log: GatewayLog;
}

/**
 * Starts a policy server for Postfix's `check_policy_service` (SMTPD_POLICY_README).
 *
 * Requests of a connection are answered in order: `action=DUNNO`, or `action=450 4.7.230 text` (access(5)). In trouble
 * there is no answer: the connection is closed, and Postfix tries again, then does its `default_action`.
 *
 * @throws Error where the address cannot be listened on
 */
export function startPostfixPolicy(options: PostfixPolicyOptions): Promise<RunningGateway> {
  const { enforcer, listen, limits, log } = options;
  return startSocketServer({
    gateway: 'postfix-policy',
    listen,
    limits,
    log,
    handlerFor: (peer) => new PostfixPolicyHandler(peer, enforcer, limits.maxRequestOctets),
  });
}

class PostfixPolicyHandler implements ProtocolHandler {
  readonly #peer: Peer;
  readonly #enforcer: Enforcer;
  readonly #reader: PolicyRequestReader;

  constructor(peer: Peer, enforcer: Enforcer, maxRequestOctets: number) {
    this.#peer = peer;
    this.#enforcer = enforcer;
    this.#reader = new PolicyRequestReader(maxRequestOctets);
  }

  get idle(): boolean {
    return !this.#reader.midRequest;
  }

  receive(octets: Buffer): Awaitable<ReceiveOutcome> {
    return this.#answerFrom(this.#reader.read(octets), 0);
  }

  #answerFrom(results: readonly PolicyRequestResult[], first: number): Awaitable<ReceiveOutcome> {
    for (let index = first; index < results.length; index++) {
      const result = results[index] as PolicyRequestResult;
      if (!result.ok) return { malformed: result.problem };
      const answered = this.#answer(result.request);
      if (answered instanceof Promise) return answered.then(() => this.#goOn(results, index + 1));
      if (!this.#peer.open) return 'close';
    }
    return results.length > 0 ? 'progress' : 'partial';
  }

  #goOn(results: readonly PolicyRequestResult[], next: number): Awaitable<ReceiveOutcome> {
    return this.#peer.open ? this.#answerFrom(results, next) : 'close';
  }

  #answer(request: PolicyRequest): Awaitable<void> {
    const verdict = this.#enforcer.judgeConnection(connectionOf(request));
    return whenReady(verdict, (known) => this.#peer.send(answerOf(known)));
  }
}

function answerOf(verdict: Verdict): string {
  const reply = replyOf(verdict);
  return reply === undefined ? 'action=DUNNO\n\n' : `action=${replyLine(reply)}\n\n`;
}
