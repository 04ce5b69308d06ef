import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A script of this folder, as it is built. */
export type WorkerScript =
  | 'decide-worker'
  | 'compile-worker'
  | 'read-worker'
  | 'reload-worker'
  | 'replay-worker'
  | 'postfix-load-worker'
  | 'dunno-responder';

/**
 * Runs a script of this folder in a process of its own, gives it a task and returns its answer.
 *
 * @throws Error where it ends without an answer; what it wrote stands on standard error
 */
export async function runWorker<T>(script: WorkerScript, task: object): Promise<T> {
  const child = startWorker(script, task);
  const answered = once(child, 'message').then(([answer]) => ({ answer: answer as T }));
  const ended = once(child, 'exit').then(([code, signal]) => ({ ended: signal ?? code }));
  const outcome = await Promise.race([answered, ended]);
  if ('ended' in outcome) throw new Error(`${script} ended (${outcome.ended}) without an answer`);
  await ended;
  return outcome.answer;
}

/** Starts a script of this folder with a task. It ends with this process. */
export function startWorker(script: WorkerScript, task: object): ChildProcess {
  const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
  const child = fork(path, [], { execArgv: ['--expose-gc'], serialization: 'advanced' });
  child.send(task);
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  return child;
}

/** In a worker: the task that this process was started with. */
export async function ownTask<T>(): Promise<T> {
  const [task] = await once(process, 'message');
  return task as T;
}

/** In a worker: does its task, and tells the answer. */
export async function answerParent<T, A>(work: (task: T) => Promise<A> | A): Promise<void> {
  const answer = await work(await ownTask<T>());
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(answer, undefined, undefined, () => resolve());
  });
  process.disconnect?.();
}
