import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { negotiate, STEPS } from './milter-negotiation.js';

function offer(version: number, actions: number, steps: number): Buffer {
  const data = Buffer.alloc(12);
  data.writeUInt32BE(version, 0);
  data.writeUInt32BE(actions, 4);
  data.writeUInt32BE(steps, 8);
  return data;
}

function answerTo(data: Buffer) {
  const result = negotiate(data);
  if (!result.ok) return result.problem;
  const { reply } = result;
  return {
    version: reply.readUInt32BE(5),
    actions: reply.readUInt32BE(9),
    steps: reply.readUInt32BE(13),
    macros: reply.subarray(17).toString('latin1'),
  };
}

describe('the negotiation', () => {
  it.each([
    ['Postfix 3.7, protocol 6', 6, 0x1ff, 0x1fffff, 6],
    ['an MTA of the future', 7, 0x1ff, 0x1fffff, 6],
    ['protocol 4', 4, 0x3f, 0x3ff, 4],
    ['protocol 3', 3, 0x3f, 0x17f, 3],
    ['protocol 2', 2, 0x3f, 0x7f, 2],
  ])('with %s settles on a version that both speak', (_name, version, actions, steps, settled) => {
    expect(answerTo(offer(version, actions, steps))).toMatchObject({ version: settled });
  });

  it('asks a full offer for no body, no replies to headers and its own macros', () => {
    const answer = answerTo(offer(6, 0x1ff, 0x1fffff));
    expect(answer).toMatchObject({ actions: 0x100, steps: Object.values(STEPS).reduce((sum, step) => sum | step, 0) });
    expect(answer).toHaveProperty('macros', expect.stringContaining('{verify} {cert_subject}'));
    expect(answer).toHaveProperty(
      'macros',
      expect.toSatisfy((macros: string) => macros.endsWith('\0\0\0\x06i\0')),
    );
  });

  it('asks for no macros where they cannot be chosen', () => {
    expect(answerTo(offer(6, 0x3f, 0x1fffff))).toMatchObject({ actions: 0, macros: '' });
  });

  it('keeps DATA before version 6, because it brings the queue id', () => {
    expect(answerTo(offer(5, 0, 0x1fffff))).toHaveProperty(
      'steps',
      expect.toSatisfy((steps) => (steps & STEPS.noData) === 0),
    );
  });

  it.each([
    ['too short', Buffer.alloc(11), 'an offer of fewer than 12 octets'],
    ['empty', Buffer.alloc(0), 'an offer of fewer than 12 octets'],
    ['of version 1', offer(1, 0, 0), 'an offer of version 1; 2 to 6 are spoken'],
    ['of version 0', offer(0, 0, 0), 'an offer of version 0; 2 to 6 are spoken'],
  ])('refuses an offer that is %s', (_name, data, problem) => {
    expect(answerTo(data)).toBe(problem);
  });

  it('never asks for an action or a step that was not offered', () => {
    const number = fc.nat(0xffff_ffff);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), number, number, (version, actions, steps) => {
        const result = negotiate(offer(version, actions, steps));
        expect(result.ok).toBe(true);
        if (!result.ok) return;
        expect((result.reply.readUInt32BE(9) & ~actions) >>> 0).toBe(0);
        expect((result.reply.readUInt32BE(13) & ~steps) >>> 0).toBe(0);
        expect(result.reply.readUInt32BE(5)).toBeLessThanOrEqual(Math.min(version, 6));
      }),
    );
  });
});
