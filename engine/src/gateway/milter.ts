import type { Enforcer } from './enforcer.js';
import type { GatewayLog } from './gateway-log.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { MilterPacketReader } from './milter-packet.js';
import { MilterSession } from './milter-session.js';
import type { Peer, ProtocolHandler, ReceiveOutcome } from './socket-connection.js';
import { startSocketServer } from './socket-server.js';

export interface MilterOptions {
  readonly enforcer: Enforcer;
  readonly listen: ListenAddress;
  /**
   * A request is one frame. It must hold the largest header field that the mail server lets through (Postfix:
   * `header_size_limit`, 102400 octets). A connection is idle while an SMTP client thinks, so the idle timeout must
   * exceed the mail server's own (Postfix: `smtpd_timeout`, 300 s); libmilter's is 7210 s.
   */
  readonly limits: ListenerLimits;
  readonly log: GatewayLog;
}

/**
 * Starts a mail filter for Postfix's `smtpd_milters` and Sendmail's `INPUT_MAIL_FILTER` (milter protocol 2 to 6).
 *
 * As it closes, an SMTP session that is under way goes on until its client leaves or the grace is over, so that no message is cut.
 *
 * @throws Error where the address cannot be listened on
 */
export function startMilter(options: MilterOptions): Promise<RunningGateway> {
  const { enforcer, listen, limits, log } = options;
  return startSocketServer({
    gateway: 'milter',
    listen,
    limits,
    log,
    handlerFor: (peer) => new MilterHandler(peer, enforcer, limits.maxRequestOctets),
  });
}

class MilterHandler implements ProtocolHandler {
  readonly #peer: Peer;
  readonly #reader: MilterPacketReader;
  readonly #session: MilterSession;

  constructor(peer: Peer, enforcer: Enforcer, maxFrameOctets: number) {
    this.#peer = peer;
    this.#reader = new MilterPacketReader(maxFrameOctets);
    this.#session = new MilterSession(enforcer);
  }

  get idle(): boolean {
    return !this.#session.inSession && !this.#reader.midFrame;
  }

  async receive(octets: Buffer): Promise<ReceiveOutcome> {
    let outcome: ReceiveOutcome = 'partial';
    for (const result of this.#reader.read(octets)) {
      if (!result.ok) return { malformed: result.problem };
      const step = await this.#session.handle(result.packet);
      if (step.kind === 'malformed') return { malformed: step.problem };
      if (step.kind === 'quit') return 'close';
      if (step.kind === 'reply') await this.#peer.send(step.octets);
      if (!this.#peer.open) return 'close';
      outcome = 'progress';
    }
    return outcome;
  }
}
