import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { onTestFinished } from 'vitest';

/** One request and what came of it; times in milliseconds of `performance.now()`. */
export interface Answer {
  readonly way: string;
  readonly begun: number;
  readonly ended: number;
  /** The answer as it came: an SMTP reply, an action, a JSON document. */
  readonly text: string;
}

/** Asks once; `turn` counts the requests of this asker from 0. */
type Ask = (turn: number) => Promise<string>;

/** Time between two requests of one asker: enough of them flow, and the machine has time for the mail server beside. */
const PAUSE_MILLIS = 4;

/** Requests that flow until they are stopped. */
export class Traffic {
  readonly answers: Answer[] = [];
  /** What went wrong with a request. */
  readonly failures: unknown[] = [];
  readonly #askers: Promise<void>[] = [];
  #isStopped = false;

  constructor() {
    onTestFinished(() => this.stop());
  }

  /** Adds an asker, who asks again soon after each answer. */
  add(way: string, ask: Ask): void {
    this.#askers.push(this.#askOn(way, ask));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#askers);
  }

  async #askOn(way: string, ask: Ask): Promise<void> {
    for (let turn = 0; !this.#isStopped; turn++) {
      const begun = performance.now();
      try {
        const text = await ask(turn);
        this.answers.push({ way, begun, ended: performance.now(), text });
        await delay(PAUSE_MILLIS);
      } catch (error) {
        this.failures.push(error);
        return;
      }
    }
  }
}

/** Asks a policy service on one connection, as Postfix does; `client` names the client's address. */
export async function policyAsker(port: number, client: (turn: number) => string): Promise<Ask> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  const reader = createInterface({ input: socket });
  socket.on('error', () => {}).once('close', () => reader.close());
  const lines = reader[Symbol.asyncIterator]();
  return async (turn) => {
    socket.write(`request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=${client(turn)}\n\n`);
    const { value: action, done } = await lines.next();
    await lines.next();
    if (done === true) throw new Error('The policy service closed the connection');
    return String(action);
  };
}

/** Asks by HTTP. */
export function httpAsker(port: number, client: (turn: number) => string): Ask {
  return async (turn) => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ facts: { 'client.address': client(turn) } }),
    });
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return response.text();
  };
}

/** Sends messages through a mail server, each by a connection of its own. */
export function smtpAsker(port: number, client: (turn: number) => string): Ask {
  return async (turn) => {
    const transport = createTransport({ host: '127.0.0.1', port, localAddress: client(turn), ignoreTLS: true });
    const envelope = { from: 'sender@contoso.example', to: 'orders@fabrikam.example' };
    try {
      const { response } = await transport.sendMail({ envelope, raw: 'Subject: hello\r\n\r\nhello\r\n' });
      return response;
    } catch (error) {
      if (error instanceof Error && 'response' in error) return String(error.response);
      throw error;
    }
  };
}
