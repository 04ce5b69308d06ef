import type { HeaderField } from '../traffic/detection.js';
import type { Connection, Enforcer, Verdict } from './enforcer.js';
import type { GatewayEvent, GatewayLog } from './gateway-log.js';

export const ACCEPT: Verdict = { action: 'accept' };
export const THROTTLE: Verdict = {
  action: 'throttle',
  reply: { code: 450, status: '4.7.230', text: 'Server is 100% out-of-date; throttled for 5 mins/hr.' },
};
export const BLOCK: Verdict = { action: 'block', reply: { code: 550, status: '5.7.230', text: 'Server is blocked.' } };
export const DEFER: Verdict = { action: 'defer', reply: { code: 451, status: '4.3.2', text: 'Try again later.' } };

/** One question that a gateway asked. */
export interface Asked {
  readonly connection: Connection;
  readonly headers?: readonly HeaderField[];
}

/** An enforcer for tests: notes what it is asked, and answers as it is told. */
export class RecordingEnforcer implements Enforcer {
  readonly asked: Asked[] = [];
  /** Questions that are not answered yet. */
  open = 0;
  /** The most that ever were open at once. */
  mostOpen = 0;
  answer: (asked: Asked) => Verdict | Promise<Verdict> = () => ACCEPT;

  judgeConnection(connection: Connection): Promise<Verdict> {
    return this.#judge({ connection });
  }

  judgeMessage(connection: Connection, headers: readonly HeaderField[]): Promise<Verdict> {
    return this.#judge({ connection, headers: [...headers] });
  }

  async #judge(asked: Asked): Promise<Verdict> {
    this.asked.push(asked);
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      return await this.answer(asked);
    } finally {
      this.open--;
    }
  }
}

/** A log for tests: keeps what was logged. */
export class RecordingLog implements GatewayLog {
  readonly entries: { readonly event: GatewayEvent; readonly details: object }[] = [];

  info(event: GatewayEvent, details: object): void {
    this.entries.push({ event, details });
  }

  warn(event: GatewayEvent, details: object): void {
    this.entries.push({ event, details });
  }

  get events(): GatewayEvent[] {
    return this.entries.map((entry) => entry.event);
  }
}
