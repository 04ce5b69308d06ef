import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerId, ServerRecord } from '../decision/server-record.js';
import type { EpochMillis } from '../policy/instant.js';
import { type PeerId, peerId, type ServerStore } from './server-store.js';
import { at, idOf, listed, recordOf, STORES, type StoreUnderTest, save } from './stores.fixture.js';

/** What a store must hold, kept in the plainest way. */
interface Model {
  readonly records: Map<ServerId, ServerRecord>;
  readonly peers: Map<PeerId, Map<ServerId, EpochMillis>>;
}

interface Real {
  readonly underTest: StoreUnderTest;
  store: ServerStore;
}

type Command = fc.AsyncCommand<Model, Real>;

const NAME = fc.constantFrom('a', 'b', 'c', 'd', '\u00fc', 'x'.repeat(1500));
const PEER = fc.constantFrom(peerId('partners', '192.0.2.1'), peerId('partners', '2001:db8::1'));
const INSTANT = fc.integer({ min: 0, max: 10 }).map((steps) => at(steps * 25_000));

const COMMANDS = [
  fc.tuple(NAME, fc.nat(9)).map(([name, seen]) => saving(recordOf(name, { lastSeen: at(seen) }))),
  fc.tuple(NAME, fc.boolean()).map(([name, throws]) => changingNothing(name, throws)),
  fc.array(fc.tuple(NAME, fc.nat(9)), { maxLength: 8 }).map((saves) => savingAtOnce(saves)),
  NAME.map((name) => reading(name)),
  fc.tuple(PEER, NAME, INSTANT).map(([peer, name, instant]) => seeing(peer, name, instant)),
  fc.tuple(PEER, INSTANT).map(([peer, since]) => askingPeer(peer, since)),
  fc.constant(listing()),
  fc.constant(reopening()),
];

describe.each(STORES)('$name', ({ open }) => {
  it('does what a plain map does, in any order of commands', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 40 }), async (commands) => {
        const underTest = await open();
        try {
          const model: Model = { records: new Map(), peers: new Map() };
          const real: Real = { underTest, store: underTest.store };
          await fc.asyncModelRun(() => ({ model, real }), commands);
        } finally {
          await underTest.remove();
        }
      }),
      { numRuns: 40 },
    );
  });
});

function saving(record: ServerRecord): Command {
  return command(`save ${record.name} ${record.lastSeen}`, async (model, { store }) => {
    await save(store, record);
    model.records.set(record.id, record);
  });
}

function changingNothing(name: string, throws: boolean): Command {
  return command(`change nothing of ${name}`, async (model, { store }) => {
    const asked = async () =>
      store.update(idOf(name), (record) => {
        if (throws) throw new Error('on purpose');
        return { durability: 'soon', result: record };
      });
    if (throws) await expect(asked()).rejects.toThrow('on purpose');
    else expect(await asked()).toStrictEqual(model.records.get(idOf(name)));
  });
}

function savingAtOnce(saves: readonly (readonly [string, number])[]): Command {
  return command(`save at once ${JSON.stringify(saves)}`, async (model, { store }) => {
    const records = saves.map(([name, seen]) => recordOf(name, { lastSeen: at(seen) }));
    await Promise.all(records.map((record) => save(store, record)));
    for (const record of records) model.records.set(record.id, record);
  });
}

function reading(name: string): Command {
  return command(`get ${name}`, async (model, { store }) => {
    expect(await store.get(idOf(name))).toStrictEqual(model.records.get(idOf(name)));
  });
}

function seeing(peer: PeerId, name: string, instant: EpochMillis): Command {
  return command(`saw ${name} from ${peer} at ${instant}`, async (model, { store }) => {
    await store.saw(peer, idOf(name), instant);
    const servers = model.peers.get(peer) ?? new Map<ServerId, EpochMillis>();
    const last = servers.get(idOf(name));
    if (last === undefined || instant - last >= 60_000) servers.set(idOf(name), instant);
    model.peers.set(peer, servers);
  });
}

function askingPeer(peer: PeerId, since: EpochMillis): Command {
  return command(`seen from ${peer} since ${since}`, async (model, { store }) => {
    const seen = await store.seenFrom(peer, since);
    const expected = [...(model.peers.get(peer) ?? [])].filter(([, last]) => last >= since);
    expect(new Map(seen.map(({ server, lastSeen }) => [server, lastSeen]))).toStrictEqual(new Map(expected));
    const instants = seen.map(({ lastSeen }) => lastSeen);
    expect(instants).toStrictEqual([...instants].sort((a, b) => b - a));
  });
}

function listing(): Command {
  return command('list', async (model, { store }) => {
    const byUtf8 = [...model.records.values()].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
    expect(await listed(store)).toStrictEqual(byUtf8);
  });
}

function reopening(): Command {
  return command('reopen', async (_model, real) => {
    if (real.underTest.reopen !== undefined) real.store = await real.underTest.reopen();
  });
}

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}
