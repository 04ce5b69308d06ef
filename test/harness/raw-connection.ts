import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Longest wait for an outcome, in milliseconds. */
const DEADLINE_MILLIS = 20_000;

/** A TCP connection that sends and receives bare octets. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#received += text;
      socket.emit('progress');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      socket.emit('progress');
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** What came so far, an octet a character. */
  get received(): string {
    return this.#received;
  }

  /** Sends, as fast as the other side takes it; ends early where that has closed. */
  async send(octets: string | Buffer): Promise<void> {
    if (this.#isClosed || this.#socket.write(octets)) return;
    await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]).catch(() => {});
  }

  /** Waits until what came matches. */
  async until(expected: RegExp): Promise<void> {
    await this.#wait(() => expected.test(this.#received), String(expected), false);
  }

  /** Waits until the other side has closed. */
  async closed(): Promise<void> {
    await this.#wait(() => this.#isClosed, 'an end of the connection', true);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #wait(isFulfilled: () => boolean, what: string, outlivesEnd: boolean): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MILLIS);
    while (!isFulfilled()) {
      const isOver = this.#isClosed && !outlivesEnd;
      if (!isOver) await once(this.#socket, 'progress', { signal: deadline }).catch(() => {});
      if (!isOver && !deadline.aborted) continue;
      const last = JSON.stringify(this.#received.slice(-300));
      throw new Error(
        `${what} was expected, and ${isOver ? 'the connection was closed' : 'nothing'} came after ${last}`,
      );
    }
  }
}
