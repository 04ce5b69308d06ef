import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { SLUICE } from './repository.js';

/** A line of the service's log. */
export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly [detail: string]: unknown;
}

export type Gateway = 'postfixPolicy' | 'milter' | 'http' | 'smtp';

export interface SluiceOptions {
  /** Folder of the policy set. */
  readonly policies: string;
  /** Folder for the configuration and the store. */
  readonly folder: string;
  /** Where each gateway listens, as the configuration says it. */
  readonly listen: Readonly<Partial<Record<Gateway, string>>>;
  /** More of the configuration. */
  readonly configuration?: object;
  /** Moves the clock: an instant. */
  readonly clock?: string;
}

/** The name that replies give of the gateway. */
export const GATEWAY_NAME = 'mail.contoso.example';
/** Longest time for a start, a stop or a log line, in milliseconds. */
const DEADLINE_MILLIS = 20_000;

/** The service as a process of its own. */
export class SluiceProcess {
  readonly log: LogLine[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly #store: string;
  #stderr = '';
  #hasEnded = false;

  /**
   * Starts the service and waits until all its gateways listen. The caller ends it.
   *
   * @throws Error with what it said where it does not start
   */
  static async start(options: SluiceOptions): Promise<SluiceProcess> {
    const { folder, policies, listen, configuration, clock } = options;
    const store = join(folder, 'store');
    const file = join(folder, 'sluice.json');
    const whole = { gatewayName: GATEWAY_NAME, store: { kind: 'lmdb', path: store }, listen, ...configuration };
    await writeFile(file, JSON.stringify(whole));
    const clockArgs = clock === undefined ? [] : ['--clock', clock];
    const sluice = new SluiceProcess(['serve', '--policies', policies, '--config', file, ...clockArgs], store);
    const expected = Object.keys(listen).length;
    try {
      const isListening = () => sluice.log.filter((line) => line.event === 'listening').length === expected;
      await sluice.until(isListening, 'to listen');
    } catch (error) {
      await sluice.kill();
      throw error;
    }
    return sluice;
  }

  private constructor(args: readonly string[], store: string) {
    this.#store = store;
    const child = spawn(process.execPath, [SLUICE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const killChild = () => child.kill('SIGKILL');
    process.once('exit', killChild);
    this.#closed = once(child, 'close').then(() => {
      this.#hasEnded = true;
      process.off('exit', killChild);
      child.emit('progress');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = logLineOf(line);
      if (parsed !== undefined) this.log.push(parsed);
      child.emit('progress');
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Folder of the store. */
  get store(): string {
    return this.#store;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The decisions that were logged, beside what they were made for. */
  get decisions(): readonly LogLine[] {
    const lines = this.log.filter((line) => line.event === 'decision');
    return lines.map((line) => ({ ...line, ...(line['decision'] as object) }));
  }

  /** Where a gateway listens now: `inet:127.0.0.1:8891`, `http://127.0.0.1:8893` and so on. */
  address(gateway: Gateway): string {
    const line = this.log.find((each) => each.event === 'listening' && each['gateway'] === gateway);
    if (typeof line?.['address'] !== 'string') throw new Error(`${gateway} does not listen`);
    return line['address'];
  }

  /** The TCP port of a gateway. */
  port(gateway: Gateway): number {
    return Number(/:(\d+)$/.exec(this.address(gateway))?.[1]);
  }

  /** Waits until the log fulfils a condition. */
  async until(isFulfilled: () => boolean, what: string): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MILLIS);
    while (!isFulfilled()) {
      if (this.#hasEnded) throw new Error(`Sluice ended while it was expected ${what}: ${this.#lastWords()}`);
      await once(this.#child, 'progress', { signal: deadline }).catch(() => {
        throw new Error(`Sluice was expected ${what}, in vain: ${this.#lastWords()}`);
      });
    }
  }

  /** Ends it in order; fails where it does not end with exit code 0. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#closed;
    if (this.#child.exitCode !== 0) throw new Error(`Sluice ended with ${this.#child.exitCode}: ${this.#lastWords()}`);
  }

  /** Ends it at once, by SIGKILL. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #lastWords(): string {
    const log = this.log.slice(-5).map((line) => JSON.stringify(line));
    return [this.#stderr.trim(), ...log].join('\n');
  }
}

/** Starts the service as {@link SluiceProcess.start} does, for the test that runs: it ends with that. */
export async function startSluice(options: SluiceOptions): Promise<SluiceProcess> {
  const sluice = await SluiceProcess.start(options);
  onTestFinished(() => sluice.kill());
  return sluice;
}

/** A line that was cut by a kill is none. */
function logLineOf(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
