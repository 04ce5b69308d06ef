import { describe, expect, it } from 'vitest';
import { ACCEPT, DEFER } from './recording-enforcer.fixture.js';
import { MAX_REPLY_LINE_OCTETS, replyLine, replyOf } from './reply-line.js';

describe('a reply line', () => {
  it('has code, enhanced status and text', () => {
    expect(replyLine({ code: 450, status: '4.7.230', text: 'Out of date' })).toBe('450 4.7.230 Out of date');
  });

  it('never holds a line end, a NUL or anything but printable US-ASCII', () => {
    expect(replyLine({ code: 450, status: '4.7.230', text: 'a\r\nb\0c\tdé' })).toBe('450 4.7.230 a  b c d');
  });

  it('is never longer than RFC 5321 allows', () => {
    const line = replyLine({ code: 550, status: '5.7.230', text: 'x'.repeat(5000) });
    expect(line).toHaveLength(MAX_REPLY_LINE_OCTETS);
    expect(line.startsWith('550 5.7.230 xxx')).toBe(true);
  });

  it('is absent for an accepted connection, and temporary where a refusal has no reply', () => {
    expect(replyOf(ACCEPT)).toBeUndefined();
    expect(replyOf(DEFER)?.code).toBe(451);
    expect(replyOf({ action: 'block' })).toMatchObject({ code: 451, status: '4.3.0' });
  });
});
