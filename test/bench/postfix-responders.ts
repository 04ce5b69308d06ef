import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../harness/free-port.js';
import { SAMPLE_POLICIES, SLUICE_COMMAND } from './places.js';
import { policyFilesOf } from './policy-files.js';
import type { Population } from './population.js';
import type { PostfixAddress } from './postfix-load-worker.js';
import { teachSluice } from './teach-sluice.js';
import { startWorker } from './worker-process.js';

export const RESPONDER_NAMES = ['bare Node responder', 'sluice', 'postfwd'] as const;
export type ResponderName = (typeof RESPONDER_NAMES)[number];

/** A policy service that answers. */
export interface Responder {
  readonly name: ResponderName;
  readonly address: PostfixAddress;
  /** Absent where it answers by several processes. */
  readonly pid?: number;
  close(): Promise<void>;
}

/** Longest time for a start, in milliseconds. */
const START_MILLIS = 20_000;

/** Starts the bare responder. */
export async function startBareResponder(folder: string, transport: 'tcp' | 'unix'): Promise<Responder> {
  const address = await freeAddress(folder, transport, 'bare');
  const child = startWorker('dunno-responder', address);
  await once(child, 'message');
  return responderOf('bare Node responder', address, child);
}

/**
 * Starts Sluice's service with the sample policies and those of a population, and makes servers known to it. The sample's
 * invariants stay behind: they speak of its own connectors only.
 */
export async function startSluice(
  folder: string,
  transport: 'tcp' | 'unix',
  population: Population,
): Promise<Responder> {
  const policies = join(folder, `policies-${transport}`);
  await cp(SAMPLE_POLICIES, policies, { recursive: true, filter: (path) => !path.endsWith('.invariants.yaml') });
  for (const { path, content } of policyFilesOf(population)) {
    if (content instanceof Uint8Array) await writeFile(join(policies, path), content);
  }
  const address = await freeAddress(folder, transport, 'sluice');
  const httpPort = await freePort();
  const listen = 'path' in address ? `unix:${address.path}` : `127.0.0.1:${address.port}`;
  const file = join(folder, `sluice-${transport}.json`);
  const configuration = {
    gatewayName: 'gateway.example',
    store: { kind: 'memory' },
    listen: { postfixPolicy: listen, http: `127.0.0.1:${httpPort}` },
    logLevel: 'error',
  };
  await writeFile(file, JSON.stringify(configuration));
  const args = [SLUICE_COMMAND, 'serve', '--policies', policies, '--config', file];
  const child = startProgram(process.execPath, args);
  const responder = responderOf('sluice', address, child);
  try {
    await Promise.race([untilReachable({ port: httpPort }), failureOf(child)]);
    await untilReachable(address);
    await teachSluice(httpPort, population);
    return responder;
  } catch (error) {
    await responder.close();
    throw error;
  }
}

/**
 * Starts Debian's postfwd (version 2, several processes) with one rule a policy, without its cache of answers, since Sluice
 * has none either.
 *
 * @returns a text why not, where it cannot be started
 */
export async function startPostfwd(
  folder: string,
  transport: 'tcp' | 'unix',
  population: Population,
): Promise<Responder | string> {
  if (transport === 'unix') return 'postfwd is measured on TCP only';
  const address = { port: await freePort() };
  const rules = join(folder, 'postfwd.cf');
  await writeFile(rules, population.rules.map((_, index) => postfwdRule(index)).join(''));
  await chmod(folder, 0o777);
  const pidFile = join(folder, 'postfwd.pid');
  const listen = ['--interface=127.0.0.1', `--port=${address.port}`, `--cache_port=${await freePort()}`];
  const args = [...POSTFWD_OPTIONS, ...listen, `--file=${rules}`, `--pidfile=${pidFile}`];
  const exit = await exitOf(spawn('postfwd', args, { stdio: 'ignore' }));
  if (exit !== 0) return typeof exit === 'string' ? exit : `postfwd ended with ${exit}`;
  await untilReachable(address);
  const close = async () => {
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGTERM');
  };
  return { name: 'postfwd', address, close };
}

/** It becomes a daemon of its own, so that the program that is started ends at once. */
async function exitOf(child: ChildProcess): Promise<number | string> {
  try {
    const [code] = await once(child, 'exit');
    return code as number;
  } catch {
    return 'postfwd is not installed (Debian: apt-get install postfwd)';
  }
}

const POSTFWD_OPTIONS = ['--nodns', '--cache=0', '--perfmon', '--max_servers=110', '--user=nobody', '--group=nogroup'];

/** It cannot see versions, so that a rule asks for the network and the name alone. */
function postfwdRule(index: number): string {
  const network = `10.${index % 20}.${Math.floor(index / 20)}.0/24`;
  return `id=R${index}; client_address=${network}; helo_name=~^old${index}\\.; action=450 4.7.230 out-of-date\n`;
}

/** Fails where a program ends early; what it said stands on standard error. */
async function failureOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the service ended with ${code} instead of starting`);
}

function startProgram(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  return child;
}

function responderOf(name: ResponderName, address: PostfixAddress, child: ChildProcess): Responder {
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { name, address, close, ...(child.pid !== undefined ? { pid: child.pid } : {}) };
}

async function freeAddress(folder: string, transport: 'tcp' | 'unix', name: string): Promise<PostfixAddress> {
  return transport === 'unix' ? { path: join(folder, `${name}.sock`) } : { port: await freePort() };
}

/** Tries to connect until somebody answers. */
async function untilReachable(address: PostfixAddress): Promise<void> {
  const end = performance.now() + START_MILLIS;
  for (;;) {
    const socket = 'path' in address ? connect(address.path) : connect({ ...address, host: '127.0.0.1' });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (performance.now() > end) throw new Error(`nobody listens on ${JSON.stringify(address)}`);
    await delay(20);
  }
}
