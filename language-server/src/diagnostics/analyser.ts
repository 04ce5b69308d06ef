import { Worker } from 'node:worker_threads';
import type { Finding } from '@sluice/engine/policy/finding.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { AnalysisRequest, AnalysisResponse } from './analysis-messages.js';

interface Job {
  readonly root: string;
  readonly snapshot: FolderSnapshot;
}

export interface AnalyserOptions {
  readonly onFindings: (root: string, snapshot: FolderSnapshot, findings: readonly Finding[]) => void;
  readonly onFault: (message: string) => void;
}

/**
 * Finds everything that `sluice check` finds, in a thread of its own. One folder is analysed at a time; of the snapshots of a
 * folder that wait, only the last one is.
 */
export class Analyser {
  readonly #options: AnalyserOptions;
  readonly #waiting = new Map<string, FolderSnapshot>();
  /** What the worker has of each folder. */
  #sent = new Map<string, Map<string, PolicyFile['content']>>();
  #worker: Worker | undefined;
  #running: (Job & { readonly id: number }) | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: AnalyserOptions) {
    this.#options = options;
  }

  analyse(root: string, snapshot: FolderSnapshot): void {
    this.#waiting.set(root, snapshot);
    this.#next();
  }

  forget(root: string): void {
    this.#waiting.delete(root);
    this.#sent.delete(root);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed) return;
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [root, snapshot] = first;
    this.#waiting.delete(root);
    const id = ++this.#lastId;
    this.#running = { id, root, snapshot };
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(this.#requestOf(id, root, snapshot));
  }

  #requestOf(id: number, root: string, { files, now }: FolderSnapshot): AnalysisRequest {
    const earlier = this.#sent.get(root);
    const changed = files.filter(({ path, content }) => earlier?.get(path) !== content);
    this.#sent.set(root, new Map(files.map(({ path, content }) => [path, content])));
    return { id, root, now, paths: files.map(({ path }) => path), changed };
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./analysis-worker.js', import.meta.url));
    worker.unref();
    worker.on('message', (response: AnalysisResponse) => this.#take(response));
    worker.on('error', (error) => this.#lose(error.message));
    worker.on('exit', (code) => {
      if (!this.#isClosed && this.#worker === worker) this.#lose(`the analysis ended with code ${code}`);
    });
    return worker;
  }

  #take(response: AnalysisResponse): void {
    const job = this.#running;
    if (job === undefined || job.id !== response.id) return;
    this.#running = undefined;
    if ('fault' in response) this.#options.onFault(response.fault);
    else this.#options.onFindings(job.root, job.snapshot, response.findings);
    this.#next();
  }

  /** A worker that died (out of memory) is replaced for the next snapshot; what it was asked stays without an answer. */
  #lose(message: string): void {
    if (this.#worker === undefined) return;
    this.#worker = undefined;
    this.#sent = new Map();
    this.#running = undefined;
    this.#options.onFault(message);
    this.#next();
  }
}
