import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerParent } from './worker-process.js';

export type PostfixAddress = { readonly port: number } | { readonly path: string };

/** One time of asking. */
export interface LoadTask {
  readonly address: PostfixAddress;
  /** The process that answers; its own time is measured. With children, as postfwd has them, it is of no use. */
  readonly pid?: number;
  readonly connections: number;
  readonly millis: number;
  readonly requests: readonly string[];
}

export interface LoadFigures {
  readonly perSecond: number;
  /** Processor time of the answering process for one request, in microseconds; absent where the system does not tell it. */
  readonly processorMicros?: number;
}

/** Asked before the measurement, as a share of its time. */
const WARM_UP_SHARE = 0.25;
/** Unit of the times in /proc/PID/stat (proc(5)): `sysconf(_SC_CLK_TCK)` is 100 on Linux. */
const TICK_MICROS = 10_000;

await answerParent(load);

/** Asks over so many connections at once, on each of them one request after the other. */
async function load({ address, pid, connections, millis, requests }: LoadTask): Promise<LoadFigures> {
  const octets = requests.map((request) => Buffer.from(request));
  const counter = { answers: 0, failure: undefined as string | undefined };
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(address)));
  for (const [index, socket] of sockets.entries()) ask(socket, octets, index, counter);
  await delay(millis * WARM_UP_SHARE);
  const ticks = await processorTicks(pid);
  const [start, before] = [performance.now(), counter.answers];
  await delay(millis);
  const [end, after] = [performance.now(), counter.answers];
  const ticksAfter = await processorTicks(pid);
  for (const socket of sockets) socket.destroy();
  if (counter.failure !== undefined) throw new Error(counter.failure);
  const answers = after - before;
  return {
    perSecond: (answers / (end - start)) * 1000,
    ...(ticks === undefined || ticksAfter === undefined
      ? {}
      : { processorMicros: ((ticksAfter - ticks) * TICK_MICROS) / answers }),
  };
}

async function open(address: PostfixAddress): Promise<Socket> {
  const socket = 'path' in address ? connect(address.path) : connect({ ...address, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** One request is under way at a time, so an answer is whole where a chunk ends with an empty line. */
function ask(
  socket: Socket,
  requests: readonly Buffer[],
  first: number,
  counter: { answers: number; failure: string | undefined },
): void {
  let next = first;
  const send = () => {
    const request = requests[next++ % requests.length];
    if (request !== undefined) socket.write(request);
  };
  socket.on('data', (octets: Buffer) => {
    if (octets.at(-1) !== 0x0a || octets.at(-2) !== 0x0a) return;
    counter.answers++;
    send();
  });
  socket.on('error', (error) => {
    counter.failure = error.message;
  });
  socket.on('end', () => {
    counter.failure = 'the service closed a connection';
  });
  send();
}

async function processorTicks(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // Behind the name in brackets, utime and stime are the fields 12 and 13.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : Number(fields[11]) + Number(fields[12]);
}
