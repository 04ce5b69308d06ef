import { stat } from 'node:fs/promises';
import cliProgress from 'cli-progress';
import type { LogSource } from '../traffic/logs/log-source.js';

const MEBI = 1024 * 1024;

/** Shows how much of the logs was read, by the octets as they are stored. */
export class ReadingProgress {
  readonly #bar: cliProgress.SingleBar;
  #octets = 0;

  constructor(stream: NodeJS.WriteStream) {
    const format = 'reading {bar} {percentage} % | {value} of {total} MiB | {eta_formatted} left';
    this.#bar = new cliProgress.SingleBar({ format, stream, clearOnComplete: true, hideCursor: true });
  }

  async start(sources: readonly LogSource[]): Promise<void> {
    const sizes = await Promise.all(sources.map(({ name }) => stat(name).catch(() => undefined)));
    const octets = sizes.reduce((sum, each) => sum + (each?.size ?? 0), 0);
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

/** The same sources, which tell the bar what is read of them. */
export function withProgress(sources: readonly LogSource[], progress: ReadingProgress): readonly LogSource[] {
  let started: Promise<void> | undefined;
  return sources.map((source) => ({
    ...source,
    open: async function* () {
      started ??= progress.start(sources);
      await started;
      for await (const part of source.open()) {
        progress.add(part.length);
        yield part;
      }
    },
  }));
}
