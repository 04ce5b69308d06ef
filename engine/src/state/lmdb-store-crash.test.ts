import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { ServerId } from '../decision/server-record.js';
import { openLmdbStore } from './lmdb-store.js';
import { temporaryDirectory } from './stores.fixture.js';

const WRITER = fileURLToPath(new URL('./lmdb-store-crash-writer.mjs', import.meta.url));
const KILLS = 5;

it('loses no first detection that was answered, however often its process is killed', { timeout: 60_000 }, async () => {
  const { path, remove } = await temporaryDirectory();
  onTestFinished(remove);
  const answered = new Map<string, number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const answers = 1 + Math.floor(Math.random() * 300);
    for (const line of await linesUntilKilled([WRITER, path, `kill${kill}`, '16'], answers)) {
      const [id = '', firstDetected = ''] = line.split(' ');
      answered.set(id, Number(firstDetected));
    }
    expect(await detectionsIn(path, answered.keys())).toStrictEqual(answered);
  }
});

/**
 * Runs Node with arguments, kills it with SIGKILL a random instant after it has written some lines, and gives all
 * lines that it wrote whole.
 */
async function linesUntilKilled(args: readonly string[], killAfterLines: number): Promise<string[]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  createInterface({ input: child.stdout }).on('line', () => {
    seen++;
    if (seen === killAfterLines) setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
  });
  const [, signal] = await closed;
  expect({ signal, enough: seen >= killAfterLines }).toStrictEqual({ signal: 'SIGKILL', enough: true });
  // What follows the last line end was cut by the kill.
  return output.split('\n').slice(0, -1);
}

async function detectionsIn(path: string, ids: Iterable<string>): Promise<Map<string, number | undefined>> {
  const store = await openLmdbStore({ path });
  const detections = new Map<string, number | undefined>();
  for (const id of ids) detections.set(id, (await store.get(id as ServerId))?.firstDetected);
  await store.close();
  return detections;
}
