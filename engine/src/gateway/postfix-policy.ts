import type { Enforcer } from './enforcer.js';
import type { GatewayLog } from './gateway-log.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { connectionOf } from './postfix-policy-connection.js';
import { PolicyRequestReader } from './postfix-policy-request.js';
import { replyLine, replyOf } from './reply-line.js';
import type { Peer, ProtocolHandler, ReceiveOutcome } from './socket-connection.js';
import { startSocketServer } from './socket-server.js';

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

  async receive(octets: Buffer): Promise<ReceiveOutcome> {
    let outcome: ReceiveOutcome = 'partial';
    for (const result of this.#reader.read(octets)) {
      if (!result.ok) return { malformed: result.problem };
      const reply = replyOf(await this.#enforcer.judgeConnection(connectionOf(result.request)));
      await this.#peer.send(Buffer.from(`action=${reply === undefined ? 'DUNNO' : replyLine(reply)}\n\n`));
      if (!this.#peer.open) return 'close';
      outcome = 'progress';
    }
    return outcome;
  }
}
