// Run by lmdb-store.test.ts in a process whose files may not grow: saves records, many at a time, until one is
// rejected, and writes what it saved and why it stopped.
// Usage: node lmdb-store-full-disk-writer.mjs DIRECTORY
import { openLmdbStore } from '../../dist/state/lmdb-store.js';

const store = await openLmdbStore({ path: process.argv[2] });
const saved = [];
const rejections = [];
for (let round = 0; rejections.length === 0 && round < 1000; round++) {
  const ids = Array.from({ length: 50 }, (_, index) => `partners/${round}-${index}`);
  await Promise.all(ids.map((id) => save(id)));
}
const readable = await Promise.all([...saved].map((id) => store.get(id)));
await store.close();
const lost = readable.filter((record) => record === undefined).length;
process.stdout.write(JSON.stringify({ saved, lost, rejections }));

async function save(id) {
  const record = { id, connector: 'partners', name: 'x'.repeat(500), firstSeen: 0, lastSeen: 0 };
  const lists = { versions: [], pauses: [], refusals: [] };
  try {
    await store.update(id, () => ({ record: { ...record, ...lists }, durability: 'durable', result: undefined }));
    saved.push(id);
  } catch (error) {
    rejections.push({ id, name: error.name, message: error.message });
  }
}
