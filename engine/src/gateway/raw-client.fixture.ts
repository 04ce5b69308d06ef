import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { RunningGateway } from './listener.js';

/** A client of a gateway that sends and receives bare octets. */
export class RawClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (octets) => {
      this.#received = Buffer.concat([this.#received, octets]);
      socket.emit('received');
    });
    socket.on('close', () => {
      this.#closed = true;
      socket.emit('received');
    });
    socket.on('error', () => {});
  }

  static async connect(gateway: RunningGateway, host = '127.0.0.1'): Promise<RawClient> {
    const target: NetConnectOpts =
      gateway.port === undefined ? { path: gateway.address.replace(/^unix:/, '') } : { host, port: gateway.port };
    const socket = connect(target);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  get received(): Buffer {
    return this.#received;
  }

  send(octets: string | Uint8Array): void {
    this.socket.write(octets);
  }

  /** Waits until what was received satisfies the condition. */
  async peek(isWhole: (received: Buffer) => boolean): Promise<void> {
    while (!isWhole(this.#received)) {
      if (this.#closed) throw new Error(`Closed after ${JSON.stringify(this.#received.toString('latin1'))}`);
      await this.#more();
    }
  }

  /** Waits until what was received satisfies the condition; hands it over and forgets it. */
  async receive(isWhole: (received: Buffer) => boolean): Promise<Buffer> {
    await this.peek(isWhole);
    const whole = this.#received;
    this.#received = Buffer.alloc(0);
    return whole;
  }

  /** Waits for text that ends so. */
  async receiveText(end: string): Promise<string> {
    return (await this.receive((received) => received.toString('latin1').endsWith(end))).toString('latin1');
  }

  /** Waits until the gateway has closed the connection. */
  async closed(): Promise<void> {
    while (!this.#closed) await this.#more();
  }

  /** Waits for octets or the end; an error is but a reason for the end. */
  #more(): Promise<void> {
    return new Promise((resolve) => this.socket.once('received', resolve));
  }
}
