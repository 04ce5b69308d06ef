import type { Socket } from 'node:net';
import type { Awaitable } from '../policy/awaitable.js';
import type { GatewayLog } from './gateway-log.js';

/** A connection as its protocol sees it. */
export interface Peer {
  /** Who is at the other end, for logs: `192.0.2.1:4711` or `unix`. */
  readonly name: string;
  /** Whether anyone still waits for an answer. */
  readonly open: boolean;
  /**
   * Sends octets, or text of US-ASCII. It is done once more may be sent, which is at once unless the client does not read; so
   * such a client holds only itself.
   */
  send(content: Uint8Array | string): Awaitable<void>;
}

/**
 * What a protocol made of some octets: `partial`, no request is whole yet; `progress`, at least one whole request was dealt
 * with; `close`, the client is done; or what it did that the protocol does not allow.
 */
export type ReceiveOutcome = 'partial' | 'progress' | 'close' | { readonly malformed: string };

/** The protocol of one connection. */
export interface ProtocolHandler {
  /** Deals with the next octets; it is not called again before it is done. */
  receive(octets: Buffer): Awaitable<ReceiveOutcome>;
  /** Whether nothing is under way, so that ending the connection loses nothing. */
  readonly idle: boolean;
}

export interface ConnectionOptions {
  readonly gateway: string;
  readonly idleTimeoutMillis: number;
  readonly log: GatewayLog;
  readonly onMalformed: () => void;
}

/** Runs a protocol on a socket: one chunk at a time, in order. */
export class SocketConnection implements Peer {
  readonly name: string;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #deadline: NodeJS.Timeout;
  #handler: ProtocolHandler | undefined;
  #busy = false;
  #draining = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.name = socket.remoteAddress === undefined ? 'unix' : `${socket.remoteAddress}:${socket.remotePort}`;
    this.#deadline = setTimeout(() => this.#timeOut(), options.idleTimeoutMillis);
    socket.on('close', () => clearTimeout(this.#deadline));
    // A reset connection is the client's affair: `close` follows, and nothing is lost.
    socket.on('error', () => {});
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  run(handler: ProtocolHandler): void {
    this.#handler = handler;
    this.#socket.on('data', (octets: Buffer) => this.#receive(handler, octets));
  }

  send(content: Uint8Array | string): Awaitable<void> {
    if (!this.open || this.#socket.write(content, 'latin1')) return;
    return new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  /** Ends the connection as soon as nothing is under way. */
  drain(): void {
    this.#draining = true;
    if (!this.#busy && this.#handler?.idle !== false) this.#socket.destroySoon();
  }

  /** Ends the connection now. */
  cut(): void {
    this.#socket.destroy();
  }

  #receive(handler: ProtocolHandler, octets: Buffer): void {
    this.#busy = true;
    const outcome = this.#outcomeOf(handler, octets);
    if (!(outcome instanceof Promise)) {
      this.#goOn(handler, outcome);
      return;
    }
    // Nothing is read meanwhile, so that TCP holds back a client that sends on.
    this.#socket.pause();
    void outcome.then((known) => this.#goOn(handler, known));
  }

  #outcomeOf(handler: ProtocolHandler, octets: Buffer): Awaitable<ReceiveOutcome> {
    try {
      const outcome = handler.receive(octets);
      return outcome instanceof Promise ? outcome.catch((error: unknown) => this.#fault(error)) : outcome;
    } catch (error) {
      return this.#fault(error);
    }
  }

  #goOn(handler: ProtocolHandler, outcome: ReceiveOutcome): void {
    this.#busy = false;
    if (outcome === 'progress') this.#deadline.refresh();
    if (typeof outcome === 'object') this.#malformed(outcome.malformed);
    if (typeof outcome === 'object' || outcome === 'close' || (this.#draining && handler.idle)) {
      this.#socket.pause().destroySoon();
    } else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #malformed(problem: string): void {
    this.#options.onMalformed();
    this.#options.log.warn('request-malformed', { gateway: this.#options.gateway, client: this.name, problem });
  }

  #fault(error: unknown): 'close' {
    this.#options.log.warn('gateway-fault', { gateway: this.#options.gateway, client: this.name, err: error });
    return 'close';
  }

  #timeOut(): void {
    const { gateway, log } = this.#options;
    if (this.#handler?.idle === false) log.info('connection-timed-out', { gateway, client: this.name });
    this.#socket.destroy();
  }
}
