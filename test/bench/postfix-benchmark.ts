import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanedPopulation } from './laned-population.js';
import type { LoadFigures, LoadTask } from './postfix-load-worker.js';
import { knownServers, postfixRequests } from './postfix-requests.js';
import {
  type Responder,
  type ResponderName,
  startBareResponder,
  startPostfwd,
  startSluice,
} from './postfix-responders.js';
import type { Progress } from './progress.js';
import type { BenchSettings } from './settings.js';
import { median } from './statistics.js';
import { runWorker } from './worker-process.js';

const TRANSPORTS = ['tcp', 'unix'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** Time that each responder is asked for before anything is measured, so that its code is optimised. */
const WARM_UP_MILLIS = 1500;
/** Policies beside the sample's. */
const POLICY_COUNT = 100;

/** What a responder reached over so many connections. */
export interface PostfixFigures {
  readonly responder: ResponderName;
  readonly transport: Transport;
  readonly connections: number;
  /** Requests per second in each round. */
  readonly rounds: readonly number[];
  readonly perSecond: number;
  /** Processor time of the answering process for one request, in microseconds. */
  readonly processorMicros?: number;
}

export interface PostfixResult {
  readonly figures: readonly PostfixFigures[];
  /** Why a responder is missing. */
  readonly skipped: readonly string[];
}

/** Measures requests per second through the Postfix policy protocol. */
export async function benchmarkPostfix(settings: BenchSettings, progress: Progress): Promise<PostfixResult> {
  const population = lanedPopulation(POLICY_COUNT, 'derived');
  const requests = postfixRequests(knownServers(population));
  const figures: PostfixFigures[] = [];
  const skipped: string[] = [];
  for (const transport of TRANSPORTS) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    const responders: Responder[] = [];
    try {
      responders.push(await startBareResponder(folder, transport));
      responders.push(await startSluice(folder, transport, population));
      const postfwd = await startPostfwd(folder, transport, population);
      if (typeof postfwd === 'string') skipped.push(`${transport}: ${postfwd}`);
      else responders.push(postfwd);
      for (const responder of responders) await loadOnce(responder, { connections: 10, requests }, WARM_UP_MILLIS);
      for (const connections of settings.connections) {
        progress(`postfix: ${transport}, ${connections} connections`);
        figures.push(...(await measure({ responders, transport, connections, requests }, settings)));
      }
    } finally {
      for (const responder of responders) await responder.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { figures, skipped };
}

interface Measurement {
  readonly responders: readonly Responder[];
  readonly transport: Transport;
  readonly connections: number;
  readonly requests: readonly string[];
}

async function measure(
  { responders, transport, connections, requests }: Measurement,
  { rounds, requestMillis }: BenchSettings,
): Promise<PostfixFigures[]> {
  const samples = responders.map((responder) => ({ responder, loads: [] as LoadFigures[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { responder, loads } of samples) {
      loads.push(await loadOnce(responder, { connections, requests }, requestMillis));
    }
  }
  return samples.map(({ responder, loads }) => {
    const perRound = loads.map((load) => load.perSecond);
    const processor = loads.flatMap(({ processorMicros }) => processorMicros ?? []);
    return {
      responder: responder.name,
      transport,
      connections,
      rounds: perRound,
      perSecond: median(perRound),
      ...(processor.length === 0 ? {} : { processorMicros: median(processor) }),
    };
  });
}

function loadOnce(
  { address, pid }: Responder,
  { connections, requests }: Pick<Measurement, 'connections' | 'requests'>,
  millis: number,
): Promise<LoadFigures> {
  const task: LoadTask = { address, connections, millis, requests, ...(pid === undefined ? {} : { pid }) };
  return runWorker<LoadFigures>('postfix-load-worker', task);
}
