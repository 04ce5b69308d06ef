import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { epochMillis, parseInstant } from '../../policy/instant.js';
import { parseIpAddress } from '../../policy/network.js';
import { type DecisionLogEntry, formatDecisionLogEntry } from './decision-log-entry.js';
import type { LogRecord } from './log-record.js';
import type { LogSource } from './log-source.js';
import { readLogs } from './read-logs.js';

function entryAt(instant: string): DecisionLogEntry {
  const address = parseIpAddress('192.0.2.1');
  return {
    at: parseInstant(instant) ?? epochMillis(0),
    gateway: 'milter',
    moment: 'message',
    facts: address === undefined ? {} : { 'client.address': address },
  };
}

function sourceOf(name: string, octets: Buffer, partOctets = octets.length): LogSource {
  async function* parts() {
    for (let start = 0; start < octets.length; start += partOctets) yield octets.subarray(start, start + partOctets);
  }
  return { name, writtenBy: epochMillis(0), open: parts, isOnce: false };
}

async function read(...sources: LogSource[]) {
  const records: LogRecord[] = [];
  const report = await readLogs(sources, {}, (record) => records.push(record));
  return { records, report };
}

const FIRST = formatDecisionLogEntry(entryAt('2026-09-01T00:00:00Z'));
const SECOND = formatDecisionLogEntry(entryAt('2026-09-02T00:00:00Z'));

describe('reading logs', () => {
  it('reads the file that begins first before the others', async () => {
    const { records } = await read(sourceOf('log', Buffer.from(SECOND)), sourceOf('log.1', Buffer.from(FIRST)));
    expect(records.map(({ file, line }) => [file, line])).toEqual([
      ['log.1', 1],
      ['log', 1],
    ]);
  });

  it('reads files in order beside an empty one', async () => {
    const sources = [
      sourceOf('log', Buffer.alloc(0)),
      sourceOf('log.1', Buffer.from(SECOND)),
      sourceOf('log.2', Buffer.from(FIRST)),
    ];
    const { records } = await read(...sources);
    expect(records.map(({ file }) => file)).toEqual(['log.2', 'log.1']);
  });

  it('tells of logs that overlap, as those of two gateways do', async () => {
    const [one, other] = [sourceOf('mx1', Buffer.from(FIRST + SECOND)), sourceOf('mx2', Buffer.from(FIRST + SECOND))];
    expect((await read(one, other)).report.overlapping).toBe(1);
    expect(
      (await read(sourceOf('log.1', Buffer.from(FIRST)), sourceOf('log', Buffer.from(SECOND)))).report.overlapping,
    ).toBe(0);
  });

  it('reads the same from octets one by one, compressed, and with a byte order mark', async () => {
    const text = Buffer.from(`\uFEFF${FIRST}${SECOND}`);
    const plain = await read(sourceOf('log', text));
    expect(plain.records).toHaveLength(2);
    for (const source of [sourceOf('log', text, 1), sourceOf('log', gzipSync(text), 3)]) {
      const { records } = await read(source);
      expect(records.map(({ at }) => at)).toEqual(plain.records.map(({ at }) => at));
    }
  });

  it('counts and shows what cannot be read, and reads the rest', async () => {
    const cut = FIRST.slice(0, 60);
    const { records, report } = await read(
      sourceOf('log', Buffer.from(`${FIRST}${cut}\n{"event":"listening"}\n${SECOND}`)),
    );
    expect(records).toHaveLength(2);
    expect(report).toMatchObject({ lines: 4, used: 2, passedOver: 1, unreadable: 1 });
    expect(report.examples).toMatchObject([{ file: 'log', line: 2, why: 'no JSON' }]);
  });

  it('tells of a file that breaks off, and keeps what was read of it', async () => {
    const whole = gzipSync(Buffer.from((FIRST + SECOND).repeat(5000)));
    const { records, report } = await read(sourceOf('log.gz', whole.subarray(0, whole.length - 20)));
    expect(records.length).toBeGreaterThan(0);
    expect(report.broken).toMatchObject([{ file: 'log.gz' }]);
  });

  it('refuses what is no log, with the formats that there are', async () => {
    await expect(read(sourceOf('notes.txt', Buffer.from('buy milk\n')))).rejects.toThrow(
      /notes\.txt.*--log-format.*sluice/,
    );
  });
});
