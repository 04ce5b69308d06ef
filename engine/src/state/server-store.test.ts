import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerRecord, serverId } from '../decision/server-record.js';
import { peerId, type ServerStore } from './server-store.js';
import { storeKey } from './store-key.js';
import { at, idOf, listed, recordOf, STORES, type StoreUnderTest, save } from './stores.fixture.js';

const PEER = peerId('partners', '192.0.2.1');
const FULL_RECORD: ServerRecord = recordOf('mail.example.org', {
  firstDetected: at(1),
  detectedVersion: '15.1.2507.39',
  versions: [
    {
      version: '15.1.2507.39',
      firstSeen: at(1),
      lastSeen: at(2),
      evidence: { id: '15.01.2507.039', hop: 0, header: 'Received: \u00fc \ud800 \u{1f4e7}', queueId: '4XyZ' },
    },
  ],
  told: { policy: 'exchange-2016', stage: 'report', at: at(3) },
  pauses: [{ from: at(4), until: at(5) }],
  refusals: [{ hour: at(0), count: 7 }],
});

describe.each(STORES)('$name', ({ open }) => {
  let underTest: StoreUnderTest;
  let store: ServerStore;

  beforeEach(async () => {
    underTest = await open();
    store = underTest.store;
  });
  afterEach(() => underTest.remove());

  it('has no record of a server that was never saved', async () => {
    expect(await store.get(idOf('unknown'))).toBeUndefined();
  });

  it('gives back every field of a record as it was saved', async () => {
    await save(store, FULL_RECORD);
    expect(await store.get(FULL_RECORD.id)).toStrictEqual(FULL_RECORD);
  });

  it.each(['durable', 'soon'] as const)('reads at once what was saved as %s', async (durability) => {
    const record = recordOf('a');
    await store.update(record.id, () => ({ record, durability, result: 0 }));
    expect(await store.get(record.id)).toStrictEqual(record);
  });

  it('gives the result of the change back', async () => {
    expect(await store.update(idOf('a'), () => ({ durability: 'soon', result: 'told' }))).toBe('told');
  });

  it('answers at once what it has at hand', async () => {
    await save(store, FULL_RECORD);
    expect(store.get(FULL_RECORD.id)).toStrictEqual(FULL_RECORD);
    expect(store.seenFrom(PEER, at(0))).toStrictEqual([]);
    expect(store.update(idOf('unknown'), () => ({ durability: 'durable', result: 'told' }))).toBe('told');
  });

  it('leaves what is stored as it is where a change saves no record', async () => {
    await save(store, recordOf('a'));
    await store.update(idOf('a'), () => ({ durability: 'durable', result: 0 }));
    expect(await listed(store)).toStrictEqual([recordOf('a')]);
  });

  it('loses none of 200 concurrent updates of one record', async () => {
    const counts = await Promise.all(
      Array.from({ length: 200 }, (_, index) => increment(store, 'busy', index % 2 === 0 ? 'durable' : 'soon')),
    );
    expect(counts.sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(refusalsOf(await store.get(idOf('busy')))).toBe(200);
  });

  it('keeps concurrent updates of different records apart', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `host-${index}`);
    await Promise.all([...names, ...names].map((name) => increment(store, name, 'durable')));
    expect((await listed(store)).map(refusalsOf)).toStrictEqual(names.map(() => 2));
  });

  it('shows a change the record that the change before it saved', async () => {
    const saving = save(store, recordOf('a', { detectedVersion: '8.0.0.0' }));
    const reading = store.update(idOf('a'), (record) => ({ durability: 'soon', result: record?.detectedVersion }));
    await saving;
    expect(await reading).toBe('8.0.0.0');
  });

  it('fails with what a change throws, and leaves the record unchanged', async () => {
    await save(store, recordOf('a'));
    const thrown = new Error('no such stage');
    const failing = async () =>
      store.update(idOf('a'), () => {
        throw thrown;
      });
    await expect(failing()).rejects.toBe(thrown);
    expect(await listed(store)).toStrictEqual([recordOf('a')]);
  });

  it('saves the other updates where one of them throws', async () => {
    const throwing = (): never => {
      throw new Error('no such stage');
    };
    const updates = await Promise.allSettled([
      increment(store, 'a', 'durable'),
      (async () => store.update(idOf('a'), throwing))(),
      increment(store, 'a', 'durable'),
    ]);
    expect(updates.map(({ status }) => status)).toStrictEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(refusalsOf(await store.get(idOf('a')))).toBe(2);
  });

  it('lists all records in the order of their keys', async () => {
    const names = ['b', 'a', 'a.b', 'A', '', '\u{1f4e7}', '\uffee', 'x'.repeat(2000), 'x'.repeat(1999), 'x\u0000', 'z'];
    await Promise.all(names.map((name) => save(store, recordOf(name))));
    const ids = (await listed(store)).map(({ id }) => id);
    expect(ids).toStrictEqual(names.map(idOf).sort((a, b) => Buffer.compare(storeKey(a), storeKey(b))));
  });

  it('lists more records than it reads at a time, each once', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `host-${String(index).padStart(4, '0')}`);
    await Promise.all(names.map((name) => save(store, recordOf(name))));
    expect((await listed(store)).map(({ name }) => name)).toStrictEqual(names);
  });

  it('lists while records are being saved', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, index) => save(store, recordOf(`host-${index}`))));
    let count = 0;
    for await (const { name } of store.list()) {
      if (name.startsWith('host-')) count++;
      if (count % 100 === 1) await save(store, recordOf(`late-${count}`));
    }
    expect(count).toBe(600);
  });

  it.each([
    ['longer than a key of LMDB', 'x'.repeat(5000), `${'x'.repeat(4999)}y`],
    ['different only in a lone surrogate', '\ud800', '\ud801'],
    ['empty and of NUL', '', '\u0000'],
    ['named like a property of every object', '__proto__', 'constructor'],
  ])('tells ids apart that are %s', async (_what, one, other) => {
    const ids = [serverId(one, ''), serverId(other, '')] as const;
    await save(store, { ...recordOf('one'), id: ids[0] });
    expect(await store.get(ids[1])).toBeUndefined();
    expect((await store.get(ids[0]))?.name).toBe('one');
  });

  it('remembers which servers were seen from a peer, the latest first', async () => {
    await store.saw(PEER, idOf('a'), at(1000));
    await store.saw(PEER, idOf('b'), at(3000));
    await store.saw(PEER, idOf('c'), at(2000));
    expect(await store.seenFrom(PEER, at(2000))).toStrictEqual([
      { server: idOf('b'), lastSeen: at(3000) },
      { server: idOf('c'), lastSeen: at(2000) },
    ]);
    expect(await store.seenFrom(peerId('partners', '192.0.2.2'), at(0))).toStrictEqual([]);
  });

  it('keeps the 64 servers that were seen latest of a peer', async () => {
    const order = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(order.map((index) => store.saw(PEER, idOf(`host-${index}`), at(index * 60_000))));
    const kept = await store.seenFrom(PEER, at(0));
    expect(kept.map(({ server }) => server)).toStrictEqual(
      order
        .slice(36)
        .reverse()
        .map((index) => idOf(`host-${index}`)),
    );
  });

  it('fails at everything once it is closed, and closes twice without harm', async () => {
    await save(store, recordOf('a'));
    await Promise.all([store.close(), store.close()]);
    for (const asked of [
      async () => store.get(idOf('a')),
      () => save(store, recordOf('a')),
      async () => store.saw(PEER, idOf('a'), at(0)),
      async () => store.seenFrom(PEER, at(0)),
      () => listed(store),
    ]) {
      await expect(asked()).rejects.toThrow('The store is closed.');
    }
  });

  it('answers the updates that were asked before it was closed', async () => {
    const updates = Array.from({ length: 20 }, () => increment(store, 'a', 'durable'));
    await store.close();
    expect(await Promise.all(updates)).toHaveLength(20);
  });
});

/** Counts in a record's refusals, and tells how far it came. */
async function increment(store: ServerStore, name: string, durability: 'durable' | 'soon'): Promise<number> {
  return store.update(idOf(name), (stored) => {
    const count = refusalsOf(stored) + 1;
    return { record: recordOf(name, { refusals: [{ hour: at(0), count }] }), durability, result: count };
  });
}

function refusalsOf(record: ServerRecord | undefined): number {
  return record?.refusals[0]?.count ?? 0;
}
