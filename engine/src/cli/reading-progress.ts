import cliProgress from 'cli-progress';
import type { ReadingObserver } from '../traffic/logs/read-log-files.js';

const MEBI = 1024 * 1024;

/** Shows how much of the logs was read, by the octets as they are stored. */
export class ReadingProgress implements ReadingObserver {
  readonly #bar: cliProgress.SingleBar;
  #octets = 0;

  constructor(stream: NodeJS.WriteStream) {
    const format = 'reading {bar} {percentage} % | {value} of {total} MiB | {eta_formatted} left';
    this.#bar = new cliProgress.SingleBar({ format, stream, clearOnComplete: true, hideCursor: true });
  }

  start(octets: number): void {
    this.#bar.start(Math.ceil(octets / MEBI), 0);
  }

  add(octets: number): void {
    this.#octets += octets;
    this.#bar.update(Math.floor(this.#octets / MEBI));
  }

  stop(): void {
    this.#bar.stop();
  }
}

/** A bar for a person at a terminal, unless the logs come from there. */
export function progressFor(paths: readonly string[], stream: NodeJS.WriteStream): ReadingProgress | undefined {
  return stream.isTTY === true && !paths.includes('-') ? new ReadingProgress(stream) : undefined;
}
