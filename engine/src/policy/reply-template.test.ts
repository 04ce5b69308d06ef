import { describe, expect, it } from 'vitest';
import {
  DEFAULT_REPLIES,
  MAX_REPLY_OCTETS,
  maxPlaceholderOctets,
  parseReplyTemplate,
  REPLY_PLACEHOLDERS,
  type ReplyPlaceholder,
  writtenMinutes,
} from './reply-template.js';

describe('a reply', () => {
  it('has codes, text and placeholders', () => {
    const { template, problems } = parseReplyTemplate('450 4.7.230 To {gateway}: {throttle.minutes} mins.', 'throttle');
    expect(problems).toEqual([]);
    expect(template).toEqual({
      code: 450,
      status: '4.7.230',
      parts: ['To ', { placeholder: 'gateway' }, ': ', { placeholder: 'throttle.minutes' }, ' mins.'],
    });
  });

  it.each([
    ['throttle', '421 4.3.2 Text', 421],
    ['throttle', '459 4.999.999 T', 459],
    ['block', '550 5.7.1 {server}{version}', 550],
    ['block', '554 5.0.0 x', 554],
  ] as const)('to %s: %j has the code %d', (use, text, code) => {
    expect(parseReplyTemplate(text, use).template?.code).toBe(code);
  });

  it.each([
    ['throttle', '', 'reply-syntax', 0],
    ['throttle', 'Text only', 'reply-syntax', 0],
    ['throttle', '450 Text', 'reply-syntax', 0],
    ['throttle', '450-4.7.230 Text', 'reply-syntax', 0],
    ['throttle', '450 4.7.230', 'reply-syntax', 0],
    ['throttle', '450 4.7.230 ', 'reply-syntax', 0],
    ['throttle', '450 4.7.230  Two spaces', 'reply-syntax', 0],
    ['throttle', '450 4.7.1000 Text', 'reply-syntax', 0],
    ['throttle', '450 4.7.230 Text\r\n250 ok', 'reply-line-break', 16],
    ['throttle', '450 4.7.230 Text\n', 'reply-line-break', 16],
    ['throttle', '450 4.7.230 Zürich', 'reply-not-ascii', 13],
    ['throttle', '450 4.7.230 Te\u0000xt', 'reply-not-ascii', 14],
    ['throttle', '450 4.7.230 Tab\there', 'reply-not-ascii', 15],
    ['throttle', '550 5.7.230 Text', 'reply-code', 0],
    ['block', '450 4.7.230 Text', 'reply-code', 0],
    ['block', '250 2.0.0 Text', 'reply-code', 0],
    ['block', '568 5.7.0 Text', 'reply-code', 0],
    ['throttle', '450 5.7.230 Text', 'reply-status-class', 4],
    ['block', '550 4.7.230 Text', 'reply-status-class', 4],
    ['throttle', '450 4.7.230 To {gatway}', 'reply-placeholder', 15],
    ['throttle', '450 4.7.230 {}', 'reply-placeholder', 12],
    ['throttle', '450 4.7.230 {toString}', 'reply-placeholder', 12],
    ['throttle', '450 4.7.230 a { b', 'reply-placeholder', 14],
    ['throttle', '450 4.7.230 a } b', 'reply-placeholder', 14],
    ['throttle', '450 4.7.230 {{gateway}}', 'reply-placeholder', 12],
    ['throttle', `450 4.7.230 ${'x'.repeat(499)}`, 'reply-too-long', 0],
    ['throttle', `450 4.7.230 {gateway}${'x'.repeat(435)}`, 'reply-too-long', 0],
  ] as const)('to %s: %j is refused as %s at %d', (use, text, code, offset) => {
    const { template, problems } = parseReplyTemplate(text, use);
    expect(template).toBeUndefined();
    expect([problems[0]?.code, problems[0]?.offset]).toEqual([code, offset]);
  });

  it('may have 512 octets with its line end, placeholders at their longest', () => {
    const room = MAX_REPLY_OCTETS - '450 4.7.230 \r\n'.length - maxPlaceholderOctets('gateway');
    expect(parseReplyTemplate(`450 4.7.230 {gateway}${'x'.repeat(room)}`, 'throttle').problems).toEqual([]);
  });

  it('tells all that is wrong, and the nearest right word', () => {
    const { problems } = parseReplyTemplate('450 5.7.230 {gatway} {polcy}', 'throttle');
    expect(problems.map(({ code }) => code)).toEqual(['reply-status-class', 'reply-placeholder', 'reply-placeholder']);
    expect(problems.map(({ hint }) => hint)).toEqual([
      'Write 4.7.230.',
      'Did you mean gateway?',
      'Did you mean policy?',
    ]);
  });

  it('may use every placeholder', () => {
    for (const placeholder of Object.keys(REPLY_PLACEHOLDERS) as ReplyPlaceholder[]) {
      const { template } = parseReplyTemplate(`550 5.7.230 {${placeholder}}`, 'block');
      expect(template?.parts).toEqual([{ placeholder }]);
    }
  });

  it('is right where a policy gives none', () => {
    expect(parseReplyTemplate(DEFAULT_REPLIES.throttle, 'throttle').problems).toEqual([]);
    expect(parseReplyTemplate(DEFAULT_REPLIES.block, 'block').problems).toEqual([]);
  });

  it.each([
    ['450 4.7.230 throttled for 5 mins/hr', [5]],
    ['450 4.7.230 for 10 minutes, then 1 minute', [10, 1]],
    ['450 4.7.230 for 20min', [20]],
    ['450 4.7.230 for {throttle.minutes} mins/hr', []],
    ['450 4.7.230 see RFC 5321 or minimum 8', []],
  ])('%s has the minutes %j written in it', (text, minutes) => {
    const { template } = parseReplyTemplate(text, 'throttle');
    expect(template === undefined ? undefined : writtenMinutes(template)).toEqual(minutes);
  });
});
