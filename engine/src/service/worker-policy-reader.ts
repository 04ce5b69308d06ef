import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { DecisionSettings } from '../decision/compiled-policy-set.js';
import { PolicySetAssembly } from '../decision/handover/assemble-policy-set.js';
import type { Finding } from '../policy/finding.js';
import { finishInSlices } from './finish-in-slices.js';
import type { PolicyReader, PolicyReading } from './policy-reader.js';
import type { ReaderAnswer, ReaderRequest } from './policy-reader-messages.js';
import type { PolicyQuery } from './read-policies.js';

/** Longest time for which taking over a policy set holds up connections, in milliseconds. */
const SLICE_MILLIS = 5;
/** Most memory of the worker's heap, in mebibytes: reading takes some hundred times as much as the files. */
const MAX_HEAP_MEBIBYTES = 2048;
const BROKEN_OFF = 'Reading the policies was broken off';
const SCRIPT = new URL('./policy-reader-worker.js', import.meta.url);

type Question = ReaderRequest['question'];

/**
 * Reads in a thread of its own, and takes what it read over in small parts, so that decisions go on meanwhile. A worker that
 * fails, as where memory runs out, is replaced by the next question. It keeps no process alive that waits for nothing from it.
 */
export class WorkerPolicyReader implements PolicyReader {
  readonly #script: URL;
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(script = SCRIPT) {
    this.#script = script;
  }

  async read(query: PolicyQuery, settings: Partial<DecisionSettings>): Promise<PolicyReading | undefined> {
    const assembly = new PolicySetAssembly();
    const findings: Finding[] = [];
    for await (const answer of this.#ask({ read: query })) {
      if (answer.kind === 'findings') findings.push(...answer.findings);
      if (answer.kind === 'part') await finishInSlices(assembly.add(answer.part), SLICE_MILLIS);
      if (answer.kind !== 'read') continue;
      const { contentHash, isValid } = answer;
      if (!isValid) return { contentHash, findings };
      return { contentHash, findings, compiled: await finishInSlices(assembly.finish(settings), SLICE_MILLIS) };
    }
    return undefined;
  }

  async hash(folder: string): Promise<string> {
    for await (const answer of this.#ask({ hash: folder })) if (answer.kind === 'hash') return answer.hash;
    return '';
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  /**
   * The answers to a question, up to the last one.
   *
   * @throws Error where the worker fails, or says that it could not read
   */
  async *#ask(question: Question): AsyncGenerator<ReaderAnswer> {
    if (this.#isClosed) throw new Error('The reader is closed');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const { port1: own, port2: port } = new MessageChannel();
    const request: ReaderRequest = { question, port };
    worker.postMessage(request, [port]);
    try {
      for (;;) {
        if (this.#worker !== worker) throw new Error(BROKEN_OFF);
        const answer = await nextAnswer(own, worker);
        if (answer.kind === 'failed') throw new Error(answer.message);
        yield answer;
        if (answer.kind !== 'part' && answer.kind !== 'findings') return;
        // The port gives all that has come meanwhile in one turn of the event loop.
        await setImmediate();
      }
    } finally {
      own.close();
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MEBIBYTES } });
    // Whoever waits for an answer is told.
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.on('error', forget).on('exit', forget);
    worker.unref();
    return worker;
  }
}

function nextAnswer(port: MessagePort, worker: Worker): Promise<ReaderAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      port.removeAllListeners();
      worker.off('error', onError).off('exit', onExit);
      act();
    };
    const onError = (error: Error) => settle(() => reject(new Error(`Reading the policies failed: ${error.message}`)));
    const onExit = () => settle(() => reject(new Error(BROKEN_OFF)));
    port.once('message', (answer: ReaderAnswer) => settle(() => resolve(answer)));
    port.once('messageerror', (error) => settle(() => reject(error)));
    worker.once('error', onError).once('exit', onExit);
    port.postMessage('next');
  });
}
