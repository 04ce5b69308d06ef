import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMilterPacket, MilterPacketReader, type MilterPacketResult, splitAtNul } from './milter-packet.js';

function readAll(parts: readonly Uint8Array[], maxOctets = 1000): MilterPacketResult[] {
  const reader = new MilterPacketReader(maxOctets);
  return parts.flatMap((part) => [...reader.read(Buffer.from(part))]);
}

function lengthOf(length: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(length);
  return octets;
}

describe('the reader of milter frames', () => {
  it.each([
    ['no command', 0, 'a frame of length 0, which has no command'],
    ['more than is taken', 1001, 'a frame of 1001 octets; at most 1000 are taken'],
    ['4 GiB', 0xffff_ffff, 'a frame of 4294967295 octets; at most 1000 are taken'],
  ])('refuses a length of %s', (_name, length, problem) => {
    expect(readAll([lengthOf(length)])).toEqual([{ ok: false, problem }]);
  });

  it('takes a frame of just the longest length', () => {
    const [result] = readAll([encodeMilterPacket('L', Buffer.alloc(999))]);
    expect(result).toMatchObject({ ok: true, packet: { command: 'L' } });
  });

  it('knows whether it is within a frame', () => {
    const reader = new MilterPacketReader(1000);
    expect([...reader.read(Buffer.from([0]))]).toEqual([]);
    expect(reader.midFrame).toBe(true);
    expect([...reader.read(Buffer.from([0, 0, 1, 0x51]))]).toHaveLength(1);
    expect(reader.midFrame).toBe(false);
  });

  it('reads a large frame octet by octet in linear time', () => {
    const frame = encodeMilterPacket('B', Buffer.alloc(1 << 20, 1));
    const reader = new MilterPacketReader(1 << 21);
    let packets = 0;
    for (let index = 0; index < frame.length; index++) {
      for (const result of reader.read(frame.subarray(index, index + 1))) packets += result.ok ? 1 : 0;
    }
    expect(packets).toBe(1);
  });

  it('reads the frames that were written, however the octets are split', () => {
    const packet = fc.record({
      command: fc.constantFrom(...'ODCHMRTLNBEAKQU'),
      data: fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets)),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), fc.array(fc.nat(30), { maxLength: 40 }), (packets, sizes) => {
        const octets = Buffer.concat(packets.map(({ command, data }) => encodeMilterPacket(command, data)));
        const parts: Buffer[] = [];
        let start = 0;
        for (const size of sizes) {
          parts.push(octets.subarray(start, start + size));
          start += size;
        }
        parts.push(octets.subarray(start));
        expect(readAll(parts)).toEqual(packets.map((one) => ({ ok: true, packet: one })));
      }),
    );
  });
});

describe('data split at NULs', () => {
  it.each([
    ['', []],
    ['a\0b\0', ['a', 'b']],
    ['a\0b', ['a', 'b']],
    ['a\0\0', ['a', '']],
    ['\0', ['']],
  ])('%j has the parts %j', (text, parts) => {
    expect(splitAtNul(Buffer.from(text))).toEqual(parts);
  });

  it('is bounded', () => {
    expect(splitAtNul(Buffer.alloc(1 << 20)).length).toBeLessThanOrEqual(256);
  });
});
