// Run by lmdb-store-crash.test.ts in a process of its own, to be killed: saves first detections without end, and writes
// a line `ID FIRST_DETECTED` for each that was answered.
// Usage: node lmdb-store-crash-writer.mjs DIRECTORY NAME_PREFIX WRITERS
import { openLmdbStore } from '../../dist/state/lmdb-store.js';

const [path, prefix, writers] = process.argv.slice(2);
const store = await openLmdbStore({ path });
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));

async function write(writer) {
  for (let index = 0; ; index++) {
    const name = `${prefix}-${writer}-${index}`;
    const firstDetected = await store.update(`partners/${name}`, (stored) => detect(name, stored));
    process.stdout.write(`partners/${name} ${firstDetected}\n`);
  }
}

function detect(name, stored) {
  if (stored !== undefined) return { durability: 'durable', result: stored.firstDetected };
  const now = Date.now();
  const record = { id: `partners/${name}`, connector: 'partners', name, firstSeen: now, lastSeen: now };
  const lists = { versions: [], pauses: [], refusals: [] };
  return { record: { ...record, firstDetected: now, ...lists }, durability: 'durable', result: now };
}
